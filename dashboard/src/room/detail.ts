/** What the detail shows of one warning's alerts and files: pure. */

import type { Alert, EvidenceFile, WarningDetail } from "../api/types";

export type Picture =
  | { state: "here"; alert: Alert; file: EvidenceFile }
  | { state: "pending"; alert: Alert }
  | { state: "unavailable"; alert: Alert; reason: string };

/** The snapshot of one alert: arrived, on its way, or why there is none. */
export function pictureOf(alert: Alert, evidence: readonly EvidenceFile[]): Picture {
  if (alert.evidence.state === "unavailable")
    return { state: "unavailable", alert, reason: alert.evidence.reason };
  const wanted = alert.evidence.items.find(({ kind }) => kind === "snapshot");
  const file = evidence.find(({ sha256 }) => sha256 === wanted?.sha256);
  return file ? { state: "here", alert, file } : { state: "pending", alert };
}

/** The newest alert whose snapshot is here, else the newest. */
export function pictured({ alerts, evidence }: WarningDetail): Picture | null {
  const pictures = alerts.map((alert) => pictureOf(alert, evidence));
  return pictures.find(({ state }) => state === "here") ?? pictures[0] ?? null;
}

/** SHA-256 in hex, as the alert names its files; null where the browser offers none (plain HTTP). */
export async function sha256Hex(bytes: ArrayBuffer): Promise<string | null> {
  if (!globalThis.isSecureContext) return null;
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
