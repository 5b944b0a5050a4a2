/** What a box saw, as a person reads it. */

import type { Alert, ChargingFacts, ConstructionFacts, DumpingFacts } from "../api/types";
import { duration, moment, number, percent, t, word } from "../i18n/i18n.svelte";

type Row = [name: string, value: string];

const HOUR_MS = 3_600_000;

/** One row for each fact that is known, the telling ones first. */
export function rowsOf(alert: Alert, now: number): Row[] {
  return [
    ...ownRows(alert, now),
    [t("facts.confidence"), percent(alert.confidence)],
    [t("facts.model"), alert.model?.name ?? t("facts.no_model")],
  ];
}

/** The offence in a few words, for a list of alerts. */
export function gistOf({ facts }: Alert): string {
  if ("bikes" in facts)
    return facts.bikes > 1
      ? t("gist.several", { thing: word("thing", facts.vehicle), n: facts.bikes })
      : word("thing", facts.vehicle);
  if ("looks" in facts) return word("stage", facts.stage);
  return word("thing", facts.carrier);
}

function ownRows({ facts }: Alert, now: number): Row[] {
  if ("bikes" in facts) return charging(facts);
  if ("looks" in facts) return construction(facts, now);
  return dumping(facts, now);
}

function dumping(facts: DumpingFacts, now: number): Row[] {
  const where = [
    ...(facts.border ? [t("facts.border")] : []),
    ...(facts.closed_point ? [t("facts.closed_point", { name: facts.closed_point })] : []),
  ];
  return [
    [t("facts.carrier"), word("thing", facts.carrier)],
    [t("facts.contact_at"), moment(facts.contact_at, now, true)],
    [t("facts.departed_at"), moment(facts.departed_at, now, true)],
    [t("facts.stayed"), lasted(facts.stayed_s, facts.stay_limit_s)],
    [
      t("facts.load"),
      facts.builders_waste
        ? t("facts.builders_waste", { load: word("load", facts.load) })
        : word("load", facts.load),
    ],
    [t("facts.area"), area(facts)],
    ...where.map((place): Row => [t("facts.where"), place]),
    ...(facts.earlier > 0
      ? [[t("facts.earlier"), t("facts.times", { n: facts.earlier })] as Row]
      : []),
    [t("facts.night"), t(facts.night ? "yes" : "no")],
  ];
}

function charging(facts: ChargingFacts): Row[] {
  const length =
    typeof facts.cable_m === "number"
      ? t("facts.metres", { n: number(facts.cable_m, 1) })
      : t("facts.pixels", { n: number(facts.cable_px) });
  return [
    [t("facts.vehicle"), word("thing", facts.vehicle)],
    [t("facts.bikes"), t("facts.bikes_value", { n: facts.bikes })],
    [t("facts.stood"), lasted(facts.stood_s, facts.stand_limit_s)],
    [t("facts.seen"), time(facts.seen_s * 1000)],
    [t("facts.cable"), length],
    ...(facts.stairwell ? [[t("facts.where"), t("facts.stairwell")] as Row] : []),
    [t("facts.night"), t(facts.night ? "yes" : "no")],
  ];
}

function construction(facts: ConstructionFacts, now: number): Row[] {
  return [
    [t("facts.stage"), word("stage", facts.stage)],
    [t("facts.area"), area(facts)],
    ...(typeof facts.height_m === "number"
      ? [[t("facts.height"), t("facts.metres", { n: number(facts.height_m, 1) })] as Row]
      : []),
    [t("facts.grown"), t("facts.grown_value", { n: number(facts.grown, 1) })],
    [t("facts.since"), moment(facts.since, now)],
    [t("facts.looks"), t("facts.looks_value", { n: facts.looks, limit: facts.looks_limit })],
    [
      t("facts.span"),
      t("facts.span_value", {
        duration: time(facts.span_h * HOUR_MS),
        limit: time(facts.span_limit_h * HOUR_MS),
      }),
    ],
    [t("facts.baseline"), moment(facts.baseline_at, now)],
    ...(facts.parcel ? [[t("facts.where"), facts.parcel] as Row] : []),
  ];
}

function lasted(seconds: number, limitSeconds: number): string {
  return t("facts.lasted", { duration: time(seconds * 1000), limit: time(limitSeconds * 1000) });
}

/** Rounded as the sentences round it; `duration` cuts off, as a clock does. */
function time(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 120
    ? t("unit.s", { n: seconds })
    : duration(Math.round(seconds / 60) * 60_000);
}

function area(facts: DumpingFacts | ConstructionFacts): string {
  const share = percent(facts.area_share, 1);
  return typeof facts.area_m2 === "number"
    ? t("facts.area_m2", { n: number(facts.area_m2, 1), share })
    : t("facts.area_px", { px: number(facts.area_px), share });
}
