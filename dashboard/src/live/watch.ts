/** Whether the page can see: decided from when the stream was last heard, never assumed. */

/** Beats come every 5 s; two missed and a little make the page blind. */
export const BLIND_AFTER_MS = 12_000;

/** A stream that stays mute this long is torn down and opened anew. */
export const REOPEN_AFTER_MS = 20_000;

export type Sight =
  | { state: "live" }
  | { state: "connecting" }
  | { state: "blind"; forMs: number };

/**
 * Times are of one monotonic clock, in ms.
 *
 * @param heardAt when the stream last said anything; before the first word, when the page began
 * @param open whether the connection stands and the lists were read over it
 */
export function sight(heardAt: number, open: boolean, now: number): Sight {
  const forMs = now - heardAt;
  if (forMs >= BLIND_AFTER_MS) return { state: "blind", forMs };
  return { state: open ? "live" : "connecting" };
}

/** Waits between attempts: 1, 2, 4, then 8 s. */
export function backoffMs(attempt: number): number {
  return 1000 * 2 ** Math.min(attempt, 3);
}
