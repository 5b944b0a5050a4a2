import { expect, test } from "vitest";

import type { Warning } from "../src/api/types";
import { byUrgency, changes, isNews, ringing, stepped, waiting } from "../src/room/queue";

const BLUE: Warning = {
  id: 1,
  color: "blue",
  state: "unacknowledged",
  scenario: "dumping",
  site: { site_id: "ditch-3", name: "三号河边断头路" },
  raised_at: "2026-11-20T23:30:00.000Z",
  updated_at: "2026-11-20T23:30:00.000Z",
  due_at: "2026-11-20T23:45:00.000Z",
  version: 3,
  reasons: [{ code: "stay", zh: "停留 10 秒", en: "stayed 10 s" }],
  acknowledged: null,
  alert_count: 1,
  footage: "camera",
  snapshot: null,
  late: false,
} as Warning;

const change = (over: Partial<Warning>): Warning => ({ ...BLUE, ...over });

test("unacknowledged stand before acknowledged, then the graver, then the newer", () => {
  const list = [
    change({ id: 1, color: "red", state: "acknowledged" }),
    change({ id: 2, color: "blue", raised_at: "2026-11-20T23:31:00.000Z" }),
    change({ id: 3, color: "blue" }),
    change({ id: 4, color: "yellow" }),
    change({ id: 5, color: "red" }),
  ];
  expect(list.sort(byUrgency).map(({ id }) => id)).toEqual([5, 4, 2, 3, 1]);
});

test.each([
  ["an unknown warning", undefined, 1, true],
  ["a higher version", 3, 4, true],
  ["the same version, told again with its snapshot", 3, 3, true],
  ["a replayed older version", 3, 2, false],
])("%s: news or not", (_, known, told, news) => {
  const before = known === undefined ? undefined : change({ version: known });
  expect(isNews(before, change({ version: told }))).toBe(news);
});

test("only what is unacknowledged is counted as waiting", () => {
  expect(waiting([BLUE, change({ color: "red" }), change({ state: "acknowledged" })])).toEqual({
    red: 1,
    yellow: 0,
    blue: 1,
  });
});

test.each([
  ["red and unacknowledged rings", { color: "red" }, [1]],
  ["yellow does not", { color: "yellow" }, []],
  ["an acknowledged red does not", { color: "red", state: "acknowledged" }, []],
  ["a red told late does not", { color: "red", late: true }, []],
] as [string, Partial<Warning>, number[]][])("%s", (_, over, ids) => {
  expect(ringing([change(over)])).toEqual(ids);
});

test.each([
  ["down", 2, 1, 3],
  ["up", 2, -1, 1],
  ["down at the end stays", 3, 1, 3],
  ["up at the start stays", 1, -1, 1],
  ["from a warning that left the list starts anew", 9, 1, 1],
  ["from none starts at the first", null, -1, 1],
] as [string, number | null, 1 | -1, number][])("a step %s", (_, from, step, to) => {
  expect(stepped([1, 2, 3], from, step)).toBe(to);
});

test("a step in an empty list goes nowhere", () => {
  expect(stepped([], null, 1)).toBeNull();
});

test.each([
  ["a risen color", { color: "yellow" }, [{ what: "color", from: "blue", to: "yellow" }]],
  [
    "somebody was faster",
    {
      state: "acknowledged",
      acknowledged: { by: "王敏", at: "2026-11-20T23:31:00.000Z", comment: "" },
    },
    [{ what: "acknowledged", by: "王敏", at: "2026-11-20T23:31:00.000Z", comment: "" }],
  ],
  ["it was closed", { state: "closed" }, [{ what: "closed" }]],
  ["more alerts", { alert_count: 3 }, [{ what: "alerts", more: 2 }]],
  [
    "another reason",
    { reasons: [...BLUE.reasons, { code: "night", zh: "夜间", en: "at night" }] },
    [{ what: "reason", reason: { code: "night", zh: "夜间", en: "at night" } }],
  ],
  ["no due time any more", { due_at: null }, [{ what: "due", to: null }]],
  ["nothing that can be named", { version: 4 }, [{ what: "other" }]],
] as [string, Partial<Warning>, unknown[]][])("stale because of %s", (_, over, told) => {
  expect(changes(BLUE, change(over))).toEqual(told);
});
