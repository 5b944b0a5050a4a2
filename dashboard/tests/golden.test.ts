/** The golden messages of tests/golden, which the Python tests read too. */

import { createHash, createPublicKey, verify } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";

import type { Alert, Receipt } from "../src/generated/wire";

const root = new URL("../../", import.meta.url);
const golden = new URL("tests/golden/", root);
const read = (name: string) => readFileSync(new URL(name, golden));
const json = (bytes: Buffer) => JSON.parse(bytes.toString("utf8")) as Record<string, unknown>;

const DEFINITIONS: Record<string, string> = {
  alert: "Alert",
  presence: "Presence",
  health: "Health",
  receipt: "Receipt",
  "gateway-presence": "GatewayPresence",
};
const kinds = Object.keys(DEFINITIONS);
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(json(readFileSync(new URL("wire/schema.json", root))), "wire");
const key = createPublicKey({ key: json(read("test-key.json")), format: "jwk" });

test("every golden message is read here", () => {
  const found = readdirSync(fileURLToPath(golden)).filter((name) => name.endsWith(".signed.json"));
  expect(found.sort()).toEqual(kinds.map((kind) => `${kind}.signed.json`).sort());
});

test.each(kinds)("%s fits the schema", (kind) => {
  const fits = ajv.getSchema(`wire#/$defs/${DEFINITIONS[kind] ?? ""}`);
  expect(fits?.(json(read(`${kind}.json`))), JSON.stringify(fits?.errors)).toBe(true);
});

test.each(kinds)("%s is signed over its very bytes", (kind) => {
  const { payload, protected: header, signature } = json(read(`${kind}.signed.json`)) as Record<
    "payload" | "protected" | "signature",
    string
  >;
  expect(Buffer.from(payload, "base64url")).toEqual(read(`${kind}.json`));
  expect(json(Buffer.from(header, "base64url"))).toMatchObject({
    alg: "Ed25519",
    typ: `sanse-${kind}+json`,
  });
  const signed = Buffer.from(`${header}.${payload}`);
  expect(verify(null, signed, key, Buffer.from(signature, "base64url"))).toBe(true);
});

test("the receipt names the alert by the hash of its payload", () => {
  const alert = json(read("alert.json")) as unknown as Alert;
  const receipt = json(read("receipt.json")) as unknown as Receipt;
  expect(receipt.alert_id).toBe(alert.alert_id);
  expect(receipt.payload_sha256).toBe(createHash("sha256").update(read("alert.json")).digest("hex"));
});
