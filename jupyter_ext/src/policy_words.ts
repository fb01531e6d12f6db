/** A policy in words, part by part. Pure. */
import { counted } from "./format";
import type { Freeze, Limit, Policy, PolicyRule, When } from "./generated/contract";

/** One line of a part: what it is called, and what it says. */
export type Line = { name: string; says: string };
export type Part = { title: string; tone: "bad" | "warn" | "ok" | "plain"; lines: Line[]; none: string };

const EFFECTS: Record<When["effects"][number], string> = {
  read: "what only reads",
  write: "what changes something",
  destroy: "what destroys",
  secret: "what hands out secrets",
  unknown: "what nobody can tell the effect of",
};

/** Everything that a policy lays down, in the order in which it is decided. */
export function parts(policy: Policy): Part[] {
  const rules = (effect: PolicyRule["effect"]) => policy.rules.filter((rule) => rule.effect === effect).map(ruleLine);
  return [
    { title: "Blocked", tone: "bad", lines: rules("deny"), none: "Nothing is blocked outright." },
    { title: "Asked about", tone: "warn", lines: [...rules("ask"), ...always(policy)], none: "" },
    { title: "Allowed without asking", tone: "ok", lines: rules("allow"), none: "Only reads of Escher's own." },
    { title: "Limits", tone: "plain", lines: policy.limits.map(limitLine), none: "No limit on how much at once." },
    { title: "Freezes", tone: "plain", lines: policy.freezes.map(freezeLine), none: "No time in which nothing changes." },
    { title: "Who approves", tone: "plain", lines: approval(policy), none: "" },
  ];
}

/** What an act must meet, in words; empty when any change meets it. */
export function conditions(when: When): string {
  const said = [
    when.actions.join(", "),
    when.effects.map((effect) => EFFECTS[effect]).join(" or "),
    listed("on ", when.kinds.map((kind) => kind.replaceAll("_", " "))),
    listed("in ", when.environments),
    listed("tagged ", when.tags),
    listed("in account ", when.accounts),
    listed("in region ", when.regions),
    listed("by playbook ", when.playbooks),
    when.more_than === null ? "" : `on more than ${when.more_than}`,
    when.costs_more_than === null ? "" : `costing more than ${when.costs_more_than} USD a month`,
  ];
  return said.filter(Boolean).join(" · ");
}

function listed(before: string, words: readonly string[]): string {
  return words.length ? before + words.join(" or ") : "";
}

function ruleLine(rule: PolicyRule): Line {
  const typed = rule.require_confirmation ? " · the name must be typed" : "";
  return { name: rule.name, says: (conditions(rule) || "whatever changes something") + typed };
}

function always(policy: Policy): Line[] {
  return [
    { name: "every other change", says: "and every script that Escher did not write itself" },
    { name: "typed", says: `the target's name, where something is destroyed or the risk is ${policy.type_from} or higher` },
  ];
}

function limitLine(limit: Limit): Line {
  const kind = limit.kind ? limit.kind.replaceAll("_", " ") : "thing";
  const most = limit.at_most === null ? "" : counted(limit.at_most, kind);
  const share = limit.at_most_percent === null ? "" : `${limit.at_most_percent} % of every ${kind} there is`;
  return { name: limit.name, says: `at most ${[most, share].filter(Boolean).join(", and ")} in one plan` };
}

function freezeLine(freeze: Freeze): Line {
  const effects = freeze.effects.map((effect) => EFFECTS[effect]).join(" or ") || "whatever changes something";
  const hours = freeze.start === freeze.end && freeze.start === "00:00" ? "" : ` ${freeze.start} to ${freeze.end}`;
  const when = freeze.days.length
    ? `${freeze.days.join(", ")}${hours} (${freeze.zone})`
    : `${moment(freeze.from)} until ${moment(freeze.until)}`;
  return { name: freeze.name, says: [when, effects, listed("in ", freeze.environments)].filter(Boolean).join(" · ") };
}

function moment(iso: string | null): string {
  return iso ? iso.slice(0, 16).replace("T", " ") : "";
}

function approval(policy: Policy): Line[] {
  const where = policy.presence === "os" ? "in a prompt of the operating system" : "by a click in the page or at a terminal";
  const approvers = policy.approvers.map((one) => one.name).join(", ");
  const second = policy.second_person_for.map((when) => conditions(when) || "every change");
  return [
    { name: "you", says: where },
    ...second.map((says) => ({ name: `a second person (${approvers})`, says })),
  ];
}
