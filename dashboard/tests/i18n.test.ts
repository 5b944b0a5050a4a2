/** Both languages say everything, and nothing is said outside the catalogues. */

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { parse, type AST } from "svelte/compiler";
import { expect, test } from "vitest";

import en from "../src/i18n/en.json";
import zh from "../src/i18n/zh.json";

const src = new URL("../src/", import.meta.url);
const sources = readdirSync(fileURLToPath(src), { recursive: true, encoding: "utf8" }).filter(
  (name) => /\.(svelte|ts)$/.test(name) && !name.startsWith("generated"),
);
const components = sources.filter((name) => name.endsWith(".svelte"));
const text = (name: string) => readFileSync(new URL(name, src), "utf8");
const placeholders = (value: string) => (value.match(/\{\w+\}/g) ?? []).sort();

const WORDS = /\p{Letter}/u;
const SPOKEN = new Set(["aria-label", "alt", "placeholder", "title"]);
/** Names of hashes and keys are the same in every language. */
const UNIVERSAL = new Set(["A", "SHA-256"]);

test("both catalogues have the same keys in the same order", () => {
  expect(Object.keys(en)).toEqual(Object.keys(zh));
});

test.each(Object.keys(zh) as (keyof typeof zh)[])("%s says something, with the same blanks", (key) => {
  expect(zh[key]).not.toBe("");
  expect(en[key]).not.toBe("");
  expect(placeholders(en[key])).toEqual(placeholders(zh[key]));
});

test("no key is left over", () => {
  const all = sources.map(text).join("\n");
  const groups = new Set<string>();
  for (const [, group] of all.matchAll(/(?:\bt\(`|`)([\w.]+)\.\$\{/g)) groups.add(group ?? "");
  for (const [, group] of all.matchAll(/\bword\("([\w.]+)"/g)) groups.add(group ?? "");
  const unused = Object.keys(zh).filter(
    (key) => !all.includes(`"${key}"`) && !groups.has(key.slice(0, key.lastIndexOf("."))) &&
      !/^sound\.\w+\.title$/.test(key),
  );
  expect(unused).toEqual([]);
});

test.each(components)("%s has no words of its own", (name) => {
  const found: string[] = [];
  const look = (node: unknown, attribute = ""): void => {
    if (Array.isArray(node)) {
      for (const child of node) look(child, attribute);
    } else if (node !== null && typeof node === "object") {
      const { type } = node as { type?: string };
      if (type === "Text" && (attribute === "" || SPOKEN.has(attribute))) {
        const said = (node as AST.Text).data.trim();
        if (WORDS.test(said) && !UNIVERSAL.has(said)) found.push(said);
      }
      const inside = type === "Attribute" ? (node as AST.Attribute).name : attribute;
      for (const [field, child] of Object.entries(node))
        if (field !== "css" && field !== "instance" && field !== "module") look(child, inside);
    }
  };
  look(parse(text(name), { modern: true }).fragment);
  expect(found).toEqual([]);
});
