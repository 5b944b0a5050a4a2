/** Each offence's facts as a person reads them, in both languages. */

import { readFileSync } from "node:fs";

import { expect, test, vi } from "vitest";

import type { Alert } from "../src/api/types";

process.env["TZ"] = "Asia/Shanghai";
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined });
const { choose } = await import("../src/i18n/i18n.svelte");
const { gistOf, rowsOf } = await import("../src/view/facts");

const NOW = Date.parse("2026-11-21T00:00:00Z");
const golden = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`../../tests/golden/${name}.json`, import.meta.url), "utf8"),
  ) as Alert;
const DUMPING = golden("alert");
const CHARGING = golden("alert-charging");
const CONSTRUCTION = golden("alert-construction");

/** The alert with some of its facts changed. */
const told = (alert: Alert, facts: object) => ({ ...alert, facts: { ...alert.facts, ...facts } });
const rows = (alert: Alert) => Object.fromEntries(rowsOf(alert, NOW));

test("dumping, in Chinese", () => {
  choose("zh");
  expect(rowsOf(DUMPING, NOW)).toEqual([
    ["谁放下的", "三轮车"],
    ["最后接触", "07:29:41"],
    ["离开", "07:29:49"],
    ["离开后停留", "10 秒（限 10 秒）"],
    ["数量", "成堆，像建筑垃圾或家具"],
    ["大小", "1.9 平方米，占画面 2%"],
    ["位置", "两区交界地带"],
    ["位置", "三号河收集点，不在开放时间"],
    ["此处以往", "2 次"],
    ["夜间", "是"],
    ["把握", "87%"],
    ["模型", "street-n"],
  ]);
});

test("charging, in English", () => {
  choose("en");
  expect(rowsOf(CHARGING, NOW)).toEqual([
    ["What charges", "e-bike"],
    ["On this cable", "2"],
    ["Has stood", "11 min (limit 3 min)"],
    ["Cable in sight", "7 min"],
    ["Cable length", "6.2 m"],
    ["Night", "yes"],
    ["Confidence", "91%"],
    ["Model", "street-n"],
  ]);
});

test("construction, in Chinese", () => {
  choose("zh");
  expect(rowsOf(CONSTRUCTION, NOW)).toEqual([
    ["阶段", "搭起框架"],
    ["大小", "18.5 平方米，占画面 4.4%"],
    ["高度", "2.4 米"],
    ["长大", "初见时的 1.6 倍"],
    ["初见", "11/16 15:00"],
    ["看到", "5 次（要求 3 次）"],
    ["前后历时", "4 天（要求 2 天）"],
    ["对照的基准", "11/9 15:00"],
    ["位置", "九号楼屋面"],
    ["把握", "78%"],
    ["模型", "street-n"],
  ]);
});

test("what was not measured is told in pixels, or not at all", () => {
  choose("en");
  expect(rows(told(CHARGING, { cable_m: null }))).toMatchObject({
    "Cable length": "318 px in the picture",
  });
  const unmeasured = rows(told(CONSTRUCTION, { area_m2: null, height_m: null }));
  expect(unmeasured).toMatchObject({ Size: "20,480 px, 4.4% of the frame" });
  expect(unmeasured).not.toHaveProperty("Height");
});

test("a small thing at a place without a name or a past has no rows for these", () => {
  choose("en");
  const slight = { builders_waste: false, border: false, closed_point: "", earlier: 0 };
  const shown = rows(told(DUMPING, { ...slight, load: "item" }));
  expect(shown).toMatchObject({ "How much": "a single item" });
  expect(shown).not.toHaveProperty("Place");
  expect(shown).not.toHaveProperty("Earlier ones here");
});

test.each([
  ["what put it down", DUMPING, "tricycle"],
  ["how many hang on one cable", CHARGING, "e-bike, 2 in all"],
  ["a single battery by its name", told(CHARGING, { vehicle: "battery", bikes: 1 }), "battery"],
  ["how far it is built", CONSTRUCTION, "a frame"],
  ["a label from the future as it is", told(DUMPING, { carrier: "cart" }), "cart"],
] as [string, Alert, string][])("the list names %s", (_, alert, gist) => {
  choose("en");
  expect(gistOf(alert)).toBe(gist);
});
