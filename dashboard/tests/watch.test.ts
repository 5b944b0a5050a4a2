import { expect, test } from "vitest";

import type { Box } from "../src/api/types";
import { durationParts } from "../src/i18n/duration";
import { backoffMs, sight } from "../src/live/watch";
import { allSeeing, boxState, byTrouble, cameraState, watchOf } from "../src/room/boxes";

test.each([
  ["a beat just now over an open stream", 0, true, { state: "live" }],
  ["two missed beats are not yet blindness", 11_999, true, { state: "live" }],
  ["12 s without a word", 12_000, true, { state: "blind", forMs: 12_000 }],
  ["a cut stream is no longer live at once", 0, false, { state: "connecting" }],
  ["a cut stream for long", 60_000, false, { state: "blind", forMs: 60_000 }],
])("%s", (_, silentMs, open, seen) => {
  expect(sight(1000, open, 1000 + silentMs)).toEqual(seen);
});

test("attempts wait longer and longer, at most 8 s", () => {
  expect([0, 1, 2, 3, 40].map(backoffMs)).toEqual([1000, 2000, 4000, 8000, 8000]);
});

type State = Box["cameras"][number]["state"];

function box(device: string, online: boolean, ...states: State[]): Box {
  const cameras = states.map((state, at) => ({
    camera_id: `camera-${String(at)}`,
    site_id: "ditch-3",
    state,
    frames_per_s: 10,
    silent_s: 0,
  }));
  return { device, online, last_seen_at: null, software: "0.1.0", queued: 0, cameras };
}

test.each([
  ["all cameras look", box("a", true, "live", "live"), "live", true],
  ["one camera is silent", box("a", true, "live", "silent"), "partial", false],
  ["a recording has ended", box("a", true, "ended"), "partial", false],
  ["a box without cameras sees nothing", box("a", true), "partial", false],
  ["a dead box, whatever its cameras last said", box("a", false, "live"), "offline", false],
])("%s", (_, found, state, calm) => {
  expect(boxState(found)).toBe(state);
  expect(allSeeing([found])).toBe(calm);
});

test("without any box nothing is calm", () => {
  expect(allSeeing([])).toBe(false);
});

test("a camera of a dead box is not known to look", () => {
  const dead = box("a", false, "live");
  expect(dead.cameras.map((camera) => cameraState(dead, camera))).toEqual(["unknown"]);
  expect(watchOf([dead, box("b", true, "live", "silent")])).toEqual({
    boxes: 2,
    boxesOffline: 1,
    cameras: 3,
    camerasLive: 1,
  });
});

test("what ails stands first", () => {
  const boxes = [box("c", true, "live"), box("b", true, "silent"), box("a", false, "live")];
  expect(boxes.sort(byTrouble).map(({ device }) => device)).toEqual(["a", "b", "c"]);
});

test.each([
  [-5, [["s", 0]]],
  [59_999, [["s", 59]]],
  [198_000, [["min", 3], ["s", 18]]],
  [720_500, [["min", 12]]],
  [3_600_000, [["h", 1]]],
  [11_520_000, [["h", 3], ["min", 12]]],
  [183_600_000, [["d", 2], ["h", 3]]],
])("%d ms as a person says it", (ms, parts) => {
  expect(durationParts(ms)).toEqual(parts);
});
