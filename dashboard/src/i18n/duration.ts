/** Durations as a person says them. */

export type Unit = "s" | "min" | "h" | "d";

/** The one or two units that matter; negative durations count as none. */
export function durationParts(ms: number): [Unit, number][] {
  const s = Math.max(0, Math.floor(ms / 1000));
  const min = Math.floor(s / 60);
  const h = Math.floor(min / 60);
  const d = Math.floor(h / 24);
  if (d > 0) return two(["d", d], ["h", h % 24]);
  if (h > 0) return two(["h", h], ["min", min % 60]);
  if (min >= 10) return [["min", min]];
  if (min > 0) return two(["min", min], ["s", s % 60]);
  return [["s", s]];
}

function two(first: [Unit, number], second: [Unit, number]): [Unit, number][] {
  return second[1] > 0 ? [first, second] : [first];
}
