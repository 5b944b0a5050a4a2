// Writes the types of src/generated from the schemas that the Python side commits;
// with --check it only says which of them are out of date.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { compile } from "json-schema-to-typescript";
import openapi, { astToString } from "openapi-typescript";

const root = new URL("../../", import.meta.url);
const out = new URL("../src/generated/", import.meta.url);
const check = process.argv.includes("--check");

/**
 * The same schema in the compiler's dialect: without the titles that pydantic puts on every field,
 * each of which would become a type, and with tuples spelt as draft 7 does.
 */
function adapted(node, isSchema = true) {
  if (Array.isArray(node)) return node.map((item) => adapted(item));
  if (node === null || typeof node !== "object") return node;
  const { prefixItems, ...rest } = node;
  return Object.fromEntries(
    Object.entries(isSchema && prefixItems ? { ...rest, items: prefixItems } : node)
      .filter(([name]) => !(isSchema && name === "title"))
      .map(([name, value]) => [
        name,
        adapted(value, !(isSchema && (name === "properties" || name === "$defs"))),
      ]),
  );
}

async function wire() {
  const schema = JSON.parse(await readFile(new URL("wire/schema.json", root), "utf8"));
  return compile({ ...adapted(schema), additionalProperties: false }, "Wire", {
    bannerComment: "/* Written from wire/schema.json by `npm run generate`. */",
    additionalProperties: false,
    unreachableDefinitions: true,
  });
}

async function api() {
  const document = new URL("gateway/api/openapi.json", root);
  const types = astToString(await openapi(document, { alphabetize: true }));
  return `/* Written from gateway/api/openapi.json by \`npm run generate\`. */\n\n${types}`;
}

let stale = false;
for (const [name, make] of Object.entries({ "wire.ts": wire, "api.ts": api })) {
  const path = new URL(name, out);
  const wanted = await make();
  const found = await readFile(path, "utf8").catch(() => "");
  if (found === wanted) continue;
  stale = true;
  if (check) process.stderr.write(`${fileURLToPath(path)} is out of date: npm run generate\n`);
  else await writeFile(path, wanted);
}
process.exitCode = check && stale ? 1 : 0;
