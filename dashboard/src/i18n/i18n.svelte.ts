/** Words and times in the reader's language; the catalogues are the only place with texts. */

import en from "./en.json";
import zh from "./zh.json";
import { durationParts } from "./duration";

export type Key = keyof typeof zh;
export type Language = "zh" | "en";

const CATALOGUES: Record<Language, Record<Key, string>> = { zh, en };
const TAGS: Record<Language, string> = { zh: "zh-CN", en: "en-GB" };
const REMEMBERED = "sanse.language";

class Reader {
  language = $state<Language>(localStorage.getItem(REMEMBERED) === "en" ? "en" : "zh");
}

export const reader = new Reader();

export function choose(language: Language): void {
  reader.language = language;
  localStorage.setItem(REMEMBERED, language);
}

export function languageTag(): string {
  return TAGS[reader.language];
}

/** The text under `key`, its `{names}` replaced. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return CATALOGUES[reader.language][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(values[name] ?? whole),
  );
}

/** The word for a value that a newer gateway or box may have coined; else the value itself. */
export function word(group: string, value: string): string {
  const catalogue: Partial<Record<string, string>> = CATALOGUES[reader.language];
  return catalogue[`${group}.${value}`] ?? value;
}

/** Formatters are costly to make, and a long queue asks for one in every row. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatted(at: string | number, options: Intl.DateTimeFormatOptions): string {
  const key = `${reader.language} ${JSON.stringify(options)}`;
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat(languageTag(), { hourCycle: "h23", ...options });
    formatters.set(key, formatter);
  }
  return formatter.format(new Date(at));
}

export function clock(at: string | number): string {
  return formatted(at, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

export function day(at: string | number): string {
  return formatted(at, { month: "short", day: "numeric", weekday: "short" });
}

/** Local time, with the day where it is not today's. */
export function moment(at: string | number, now: number, withSeconds = false): string {
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  if (withSeconds) time.second = "2-digit";
  const today = new Date(at).toDateString() === new Date(now).toDateString();
  return formatted(at, today ? time : { month: "numeric", day: "numeric", ...time });
}

/** Two units at most: "3 h 12 min"; `coarse` leaves out what ticks: "3 min" for "3 min 18 s". */
export function duration(ms: number, coarse = false): string {
  const parts = durationParts(ms);
  return (coarse ? parts.filter(([unit], at) => at === 0 || unit !== "s") : parts)
    .map(([unit, count]) => t(`unit.${unit}`, { n: count }))
    .join(" ");
}

export function number(value: number, fractionDigits = 0): string {
  return new Intl.NumberFormat(languageTag(), {
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
  }).format(value);
}

export function percent(share: number, fractionDigits = 0): string {
  return new Intl.NumberFormat(languageTag(), {
    style: "percent",
    maximumFractionDigits: fractionDigits,
  }).format(share);
}
