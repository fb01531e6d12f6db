import assert from "node:assert/strict";
import { test } from "node:test";
import { canonical, digestOf } from "../src/canonical";

test("equal documents have one text, whatever the order of their keys", () => {
  const text = canonical({ b: [1, true, null, 'é\u2028"'], a: { "\u20ac": 1.5, z: 1e21, y: -0 } });
  assert.equal(text, '{"a":{"y":0,"z":1e+21,"€":1.5},"b":[1,true,null,"é\u2028\\""]}');
});

test("a digest is the SHA-256 of that text", async () => {
  assert.equal(await digestOf({}), "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
});
