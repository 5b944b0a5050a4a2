/** Every call that the page makes, and the three ways in which one fails. */

import type { Box, Session, Warning, WarningDetail, WarningPage } from "./types";

const ROOT = "/api/v1";
const PATIENCE_MS = 15_000;

/** The gateway said no; `message` is its own sentence. */
export class ProblemError extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

/** Somebody or something was faster: look at `current`, then decide again. */
export class StaleError extends ProblemError {
  constructor(
    detail: string,
    readonly current: Warning,
  ) {
    super(409, detail);
  }
}

/** No answer came at all. */
export class UnreachableError extends Error {}

async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(ROOT + path, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
    text = await response.text();
  } catch (error) {
    throw new UnreachableError("no answer", { cause: error });
  }
  if (response.ok) return (text === "" ? undefined : JSON.parse(text)) as T;
  throw problem(response, text);
}

function problem(response: Response, text: string): ProblemError {
  const isProblem = response.headers.get("content-type")?.startsWith("application/problem+json");
  if (!isProblem) return new ProblemError(response.status, `HTTP ${String(response.status)}`);
  const body = JSON.parse(text) as { detail: string; warning?: Warning };
  if (response.status === 409 && body.warning) return new StaleError(body.detail, body.warning);
  return new ProblemError(response.status, body.detail);
}

function sent(method: string, body: unknown, csrf?: string): RequestInit {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (csrf !== undefined) headers["X-CSRF-Token"] = csrf;
  return { method, headers, body: JSON.stringify(body) };
}

export const api = {
  login: (username: string, password: string) =>
    call<Session>("/session", sent("POST", { username, password })),

  session: () => call<Session>("/session"),

  logout: (csrf: string) =>
    call<undefined>("/session", { method: "DELETE", headers: { "X-CSRF-Token": csrf } }),

  warnings: (state: "open" | "closed", after: string | null, limit = 200) => {
    const query = new URLSearchParams({ state, limit: String(limit) });
    if (after !== null) query.set("after", after);
    return call<WarningPage>(`/warnings?${query.toString()}`);
  },

  warning: (id: number) => call<WarningDetail>(`/warnings/${String(id)}`),

  acknowledge: (id: number, version: number, comment: string, csrf: string) =>
    call<Warning>(
      `/warnings/${String(id)}/acknowledge`,
      sent("POST", { version, comment }, csrf),
    ),

  boxes: async () => (await call<{ items: Box[] }>("/boxes")).items,

  events: `${ROOT}/events`,
};
