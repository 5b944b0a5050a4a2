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
/** The golden files, each with its kind. */
const KINDS: Record<string, string> = {
  ...Object.fromEntries(Object.keys(DEFINITIONS).map((kind) => [kind, kind])),
  "alert-charging": "alert",
  "alert-construction": "alert",
  "alert-first": "alert",
};
const names = Object.entries(KINDS);
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(json(readFileSync(new URL("wire/schema.json", root))), "wire");
const key = createPublicKey({ key: json(read("test-key.json")), format: "jwk" });

test("every golden message is read here", () => {
  const found = readdirSync(fileURLToPath(golden)).filter((name) => name.endsWith(".signed.json"));
  expect(found.sort()).toEqual(Object.keys(KINDS).map((name) => `${name}.signed.json`).sort());
});

test.each(names)("%s fits the schema", (name, kind) => {
  const fits = ajv.getSchema(`wire#/$defs/${DEFINITIONS[kind] ?? ""}`);
  expect(fits?.(json(read(`${name}.json`))), JSON.stringify(fits?.errors)).toBe(true);
});

test.each(names)("%s is signed over its very bytes", (name, kind) => {
  const { payload, protected: header, signature } = json(read(`${name}.signed.json`)) as Record<
    "payload" | "protected" | "signature",
    string
  >;
  expect(Buffer.from(payload, "base64url")).toEqual(read(`${name}.json`));
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
