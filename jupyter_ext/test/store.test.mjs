import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { withGaps } from "../src/components/log";
import { missingIn, register, rendererOf } from "../src/registry";
import { isFromKernel, Store } from "../src/store";
import { groups } from "../src/view";

globalThis.window = globalThis;

/** A model that notes what is sent and lets the test speak for the kernel. */
class Model {
  sent = [];
  get() {
    return "digest";
  }
  send(message) {
    this.sent.push(message);
  }
  on(_event, handle) {
    this.receive = handle;
  }
  off() {
    this.receive = undefined;
  }
}

const text = (id, content = id) => ({ id, type: "text", props: {}, data: { content } });
const line = (seq) => ({ seq, at: "", step_id: "1", stream: "stdout", text: `line ${seq}` });
const show = (seq, ...components) => ({ v: 1, type: "view.show", id: "s", seq, components });
const put = (seq, ...components) => ({ v: 1, type: "view.put", id: "p", seq, components });
const output = (seq, ...lines) => ({ v: 1, type: "run.output", id: "o", seq, component_id: "run", lines });

let model, store;
beforeEach(async () => {
  model = new Model();
  store = new Store(model);
  await new Promise((done) => setTimeout(done, 20));
});
afterEach(() => store.close());

test("a view is fetched at once, with the page's public key", () => {
  assert.equal(model.sent.length, 1);
  assert.equal(model.sent[0].type, "view.fetch");
  assert.equal(atob(model.sent[0].key).length, 65);
});

test("components are replaced where they stand and added at the end", () => {
  model.receive(show(1, text("a"), text("b")));
  model.receive(put(2, text("c"), text("a", "new")));
  assert.deepEqual(
    store.components.map((one) => one.data.content),
    ["new", "b", "c"],
  );
});

test("a message that was overtaken by a whole view is ignored, a missed one is asked for", async () => {
  model.receive(show(3, text("a")));
  model.receive(put(2, text("a", "old")));
  assert.equal(store.components[0].data.content, "a");
  model.receive(put(7, text("b")));
  await new Promise((done) => setTimeout(done, 20));
  assert.equal(model.sent.length, 2);
});

test("lines are kept once and in order, and what is missing is counted", () => {
  model.receive(show(1, { id: "run", type: "progress_tracker", data: { lines: [line(3), line(4)] } }));
  model.receive(output(2, line(4), line(5), line(9)));
  assert.deepEqual(
    store.lines("run").map((one) => one.seq),
    [3, 4, 5, 9],
  );
  assert.deepEqual(
    withGaps(store.lines("run")).map((row) => row.seq ?? -row),
    [-2, 3, 4, 5, -3, 9],
  );
});

test("of many lines the last 2 000 are kept", () => {
  model.receive(show(1));
  model.receive(output(2, ...Array.from({ length: 2_500 }, (_, index) => line(index + 1))));
  assert.equal(store.lines("run").length, 2_000);
  assert.equal(store.lines("run")[0].seq, 501);
});

test("nobody registers over consent, and only the kernel's own message is shown as a plan", () => {
  const ours = () => null;
  register("confirmation_card", ours);
  assert.throws(() => register("confirmation_card", () => null), /cannot be registered over/);
  const forged = { id: "x", type: "confirmation_card", data: {} };
  assert.equal(rendererOf(forged), undefined);
  model.receive(show(1, forged));
  assert.ok(isFromKernel(forged));
  assert.equal(rendererOf(forged), ours);
});

test("another type may be registered again, and says what it lacks", () => {
  const later = () => null;
  register("gauge", () => null);
  register("gauge", later, ["data.value", "props.max"]);
  const gauge = { id: "g", type: "gauge", data: { value: 1 } };
  assert.equal(rendererOf(gauge), later);
  assert.deepEqual(missingIn(gauge), ["props.max"]);
});

test("figures in a row share a line, and a plan shares its card with its consent", () => {
  const kinds = ["text", "metric", "metric", "execution_plan", "confirmation_card", "metric"];
  const shown = groups(kinds.map((type, id) => ({ id: String(id), type })));
  assert.deepEqual(
    shown.map((group) => group.length),
    [1, 2, 2, 1],
  );
});

test("a plan that is not the one of its digest is not signed", async () => {
  const plan = { plan_id: "p", digest: "0".repeat(64), steps: [] };
  await assert.rejects(store.approve(plan, ""), /not the one that its digest names/);
  assert.equal(model.sent.length, 1);
});
