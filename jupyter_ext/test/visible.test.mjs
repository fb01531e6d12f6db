import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces } from "../src/visible";

const shown = (text) =>
  pieces(text)
    .map((part) => (part.escaped ? `⟨${part.text}⟩` : part.text))
    .join("");

test("direction changes, invisible and control characters, lookalikes and variants are written out", () => {
  const cases = {
    "web\u202egnp.exe": "web⟨U+202E⟩gnp.exe",
    "a\u200bb": "a⟨U+200B⟩b",
    "a\x1b[2Jb\r": "a⟨U+001B⟩[2Jb⟨U+000D⟩",
    "p\u0430ypal": "p⟨U+0430⟩ypal",
    "\u0441\u043e\u0441\u043e-1": "⟨U+0441⟩⟨U+043E⟩⟨U+0441⟩⟨U+043E⟩-1",
    "\uff46ull": "⟨U+FF46⟩ull",
    "tag\u{e0041}": "tag⟨U+E0041⟩",
  };
  for (const [text, expected] of Object.entries(cases)) assert.equal(shown(text), expected);
});

test("honest text of any language stays", () => {
  for (const text of ["web-dev-1", "Größe ünïcode", "база данных", "データ", "ελληνικά", "a\tb\nc"])
    assert.equal(shown(text), text);
});
