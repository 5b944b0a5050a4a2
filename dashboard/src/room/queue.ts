/** The order of the queue and what in it asks for attention: pure. */

import type { Color, Warning } from "../api/types";

export const COLORS: readonly Color[] = ["red", "yellow", "blue"];

const RANK: Record<Color, number> = { red: 0, yellow: 1, blue: 2 };

/** Unacknowledged before acknowledged, then red before yellow before blue, then the newest. */
export function byUrgency(a: Warning, b: Warning): number {
  return (
    Number(a.state !== "unacknowledged") - Number(b.state !== "unacknowledged") ||
    RANK[a.color] - RANK[b.color] ||
    b.raised_at.localeCompare(a.raised_at) ||
    b.id - a.id
  );
}

export function byRecency(a: Warning, b: Warning): number {
  return b.updated_at.localeCompare(a.updated_at) || b.id - a.id;
}

/** A replayed event may be older than what a list already told. */
export function isNews(known: Warning | undefined, told: Warning): boolean {
  return known === undefined || told.version >= known.version;
}

export function waiting(warnings: readonly Warning[]): Record<Color, number> {
  const count = { red: 0, yellow: 0, blue: 0 };
  for (const { state, color } of warnings) if (state === "unacknowledged") count[color] += 1;
  return count;
}

/** Ids of what must sound: red, unacknowledged, and not merely told late. */
export function ringing(warnings: readonly Warning[]): number[] {
  return warnings
    .filter(({ color, state, late }) => color === "red" && state === "unacknowledged" && !late)
    .map(({ id }) => id);
}

/** The neighbour of `id` in the list; the first where it is not in the list. */
export function stepped(ids: readonly number[], id: number | null, step: 1 | -1): number | null {
  const at = id === null ? -1 : ids.indexOf(id);
  if (at < 0) return ids[0] ?? null;
  return ids[Math.min(Math.max(at + step, 0), ids.length - 1)] ?? null;
}

export type Change =
  | { what: "color"; from: Color; to: Color }
  | { what: "acknowledged"; by: string; at: string; comment: string }
  | { what: "closed" }
  | { what: "reopened" }
  | { what: "alerts"; more: number }
  | { what: "reason"; reason: Warning["reasons"][number] }
  | { what: "due"; to: string | null }
  | { what: "other" };

/** What became different between the warning an operator looked at and the one that stands. */
export function changes(seen: Warning, now: Warning): Change[] {
  const found: Change[] = [];
  if (now.color !== seen.color) found.push({ what: "color", from: seen.color, to: now.color });
  if (now.state !== seen.state) {
    if (now.state === "closed") found.push({ what: "closed" });
    else if (now.acknowledged) found.push({ what: "acknowledged", ...now.acknowledged });
    else found.push({ what: "reopened" });
  }
  const more = now.alert_count - seen.alert_count;
  if (more > 0) found.push({ what: "alerts", more });
  for (const reason of now.reasons)
    if (!seen.reasons.some((known) => known.code === reason.code && known.en === reason.en))
      found.push({ what: "reason", reason });
  if (now.due_at !== seen.due_at) found.push({ what: "due", to: now.due_at });
  return found.length > 0 ? found : [{ what: "other" }];
}
