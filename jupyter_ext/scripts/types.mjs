// Write src/generated/contract.ts from the Python contract; with --check, fail when it is not what it would be.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { compile } from "json-schema-to-typescript";

const root = new URL("../../", import.meta.url);
const target = new URL("../src/generated/contract.ts", import.meta.url);
const ROOTS = ["Component", "PageMessage", "KernelMessage"];
const BANNER = "// Generated from escher/contract by `npm run types`. Do not edit: change the Python contract instead.";

function contractSchema() {
  const code = "import json; from escher.contract.schema import schema; print(json.dumps(schema()))";
  const python = process.env.PYTHON ?? "python3";
  return JSON.parse(execFileSync(python, ["-c", code], { cwd: root, encoding: "utf-8", maxBuffer: 1 << 26 }));
}

// Field titles would become named types, and a default makes a field optional: but what is dumped has every field.
function asDumped(node) {
  if (Array.isArray(node)) return node.map(asDumped);
  if (node === null || typeof node !== "object") return node;
  const { title, default: _default, properties, ...rest } = node;
  const kept = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, asDumped(value)]));
  if (!properties) return kept;
  const fields = Object.entries(properties).map(([name, field]) => [name, asDumped(field)]);
  return { ...kept, title, properties: Object.fromEntries(fields), required: Object.keys(properties) };
}

async function generate() {
  const $defs = asDumped(contractSchema().$defs);
  const properties = Object.fromEntries(ROOTS.map((name) => [name, { $ref: `#/$defs/${name}` }]));
  const schema = { title: "Contract", type: "object", properties, required: ROOTS, additionalProperties: false, $defs };
  return compile(schema, "Contract", { bannerComment: BANNER, additionalProperties: false, format: false });
}

const wanted = await generate();
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf-8") !== wanted) {
    console.error("src/generated/contract.ts differs from escher/contract. Run `npm run types` and commit the result.");
    process.exit(1);
  }
} else {
  writeFileSync(target, wanted);
}
