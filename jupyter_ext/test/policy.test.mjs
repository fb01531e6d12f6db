import assert from "node:assert/strict";
import { test } from "node:test";
import { parts } from "../src/policy_words";
import { register, rendererOf } from "../src/registry";

const when = {
  actions: [], effects: [], kinds: [], tags: [], environments: [], accounts: [], regions: [], playbooks: [],
  more_than: null, costs_more_than: null,
};
const freeze = { from: null, until: null, days: [], start: "00:00", end: "00:00", zone: "UTC", effects: [], environments: [] };
const policy = {
  rules: [], limits: [], freezes: [], approvers: [], second_person_for: [], presence: "page", many_targets: 5,
  protected_environments: ["prod"], type_from: "critical",
};
const lines = (changed, title) => parts({ ...policy, ...changed }).find((part) => part.title === title).lines;

test("every part of a policy has its words, and an empty one says what that means", () => {
  assert.deepEqual(
    parts(policy).filter((part) => part.lines.length === 0).map((part) => Boolean(part.none)),
    [true, true, true, true],
  );
  const rules = [
    { ...when, name: "a", effect: "deny", require_confirmation: false, actions: ["aws ec2 *"], kinds: ["load_balancer"] },
    { ...when, name: "b", effect: "ask", require_confirmation: true, more_than: 3, environments: ["prod", "dr"] },
    { ...when, name: "c", effect: "deny", require_confirmation: false },
  ];
  assert.deepEqual(lines({ rules }, "Blocked"), [
    { name: "a", says: "aws ec2 * · on load balancer" },
    { name: "c", says: "whatever changes something" },
  ]);
  assert.equal(lines({ rules }, "Asked about")[0].says, "in prod or dr · on more than 3 · the name must be typed");
});

test("limits, freezes and who approves are told", () => {
  const limits = [{ name: "l", kind: "compute_instance", at_most: 1, at_most_percent: 10 }];
  assert.equal(lines({ limits }, "Limits")[0].says, "at most 1 compute instance, and 10 % of every compute instance there is in one plan");
  const freezes = [
    { ...freeze, name: "w", days: ["sat", "sun"] },
    { ...freeze, name: "y", from: "2026-12-20T00:00:00Z", until: "2027-01-02T00:00:00Z", effects: ["destroy"], environments: ["prod"] },
  ];
  assert.deepEqual(lines({ freezes }, "Freezes").map((line) => line.says), [
    "sat, sun (UTC) · whatever changes something",
    "2026-12-20 00:00 until 2027-01-02 00:00 · what destroys · in prod",
  ]);
  const second = { approvers: [{ name: "ana", public_key: "" }], second_person_for: [when], presence: "os" };
  assert.deepEqual(lines(second, "Who approves").map((line) => line.says), [
    "in a prompt of the operating system",
    "every change",
  ]);
});

test("the policy's card cannot be registered over, nor shown for what the kernel did not send", () => {
  const ours = () => null;
  register("policy_editor", ours);
  assert.throws(() => register("policy_editor", () => null), /cannot be registered over/);
  assert.equal(rendererOf({ id: "x", type: "policy_editor", data: {} }), undefined);
});
