import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import type { Alert, EvidenceFile, WarningDetail } from "../src/api/types";
import { pictured, pictureOf } from "../src/room/detail";

const golden = new URL("../../tests/golden/alert.json", import.meta.url);
const ALERT = JSON.parse(readFileSync(golden, "utf8")) as Alert;
const SHA256 = ALERT.evidence.items[0]?.sha256 ?? "";
const FILE: EvidenceFile = {
  kind: "snapshot",
  media_type: "image/jpeg",
  sha256: SHA256,
  url: `/api/v1/evidence/${SHA256}`,
};
const FULL: Alert = { ...ALERT, evidence: { state: "unavailable", reason: "disk full", items: [] } };

test.each([
  ["a snapshot that has arrived", ALERT, [FILE], "here"],
  ["a snapshot on its way", ALERT, [], "pending"],
  ["a file of another alert is not this one's", ALERT, [{ ...FILE, sha256: "0" }], "pending"],
  ["a box that could not store it says why", FULL, [FILE], "unavailable"],
] as [string, Alert, EvidenceFile[], string][])("%s", (_, alert, files, state) => {
  expect(pictureOf(alert, files).state).toBe(state);
});

test("the newest alert with a picture is shown, else the newest", () => {
  const older = { ...ALERT, alert_id: "older" };
  const shown = (evidence: EvidenceFile[], ...alerts: Alert[]) =>
    pictured({ alerts, evidence } as WarningDetail)?.alert.alert_id;
  expect(shown([FILE], FULL, older)).toBe("older");
  expect(shown([], ALERT, older)).toBe(ALERT.alert_id);
  expect(shown([FILE])).toBeUndefined();
});
