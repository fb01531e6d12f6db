/** A plan, step by step: what it does where, the exact commands and script, what it changes and how it is undone. */
import { counted } from "../format";
import type { Call, ExecutionPlan as ExecutionPlanComponent, Plan, Step } from "../generated/contract";
import { Code, Shown } from "../shown";
import type { Store } from "../store";

type Effect = Plan["effect"];

const EFFECTS: Record<Effect, { tone: string; plan: string; step: string }> = {
  read: { tone: "plain", plan: "reads only", step: "reads" },
  write: { tone: "warn", plan: "changes state", step: "changes state" },
  destroy: { tone: "bad", plan: "destroys", step: "destroys" },
  secret: { tone: "bad", plan: "reads secrets", step: "reads secrets" },
  unknown: { tone: "bad", plan: "effect unknown", step: "effect unknown" },
};
const MOST_PLACES = 4;
const SEVERITY: Effect[] = ["read", "write", "secret", "destroy", "unknown"];

export function ExecutionPlan({ component, store }: { component: ExecutionPlanComponent; store: Store }) {
  const { plan, skipped } = component.data;
  const explained = store.explained.has(plan.plan_id);
  const regions = new Set(plan.steps.map((step) => step.region)).size;
  return (
    <section class="escher-card escher-plan" aria-label={`Plan: ${plan.title}`}>
      <header class="escher-head">
        <h3>
          <Shown text={plan.title} />
        </h3>
        <span class="escher-sub">
          <Shown text={component.props.subtitle || `playbook ${plan.playbook_id} ${plan.version}`} />
        </span>
        <div class="escher-end">
          <Tag tone={EFFECTS[plan.effect].tone} text={EFFECTS[plan.effect].plan} />
          {plan.effect !== "read" && (
            <Tag tone={plan.reversible ? "ok" : "bad"} text={plan.reversible ? "can be undone" : "cannot be undone"} />
          )}
        </div>
      </header>
      <ol class="escher-steps">
        {byNumber(plan.steps).map((group, index) => (
          <StepGroup
            key={group[0]!.step_id}
            steps={group}
            position={index + 1}
            place={regions > 1 ? placeOf : accountOf}
            explained={explained}
          />
        ))}
      </ol>
      <Waves plan={plan} />
      {skipped && (
        <footer class="escher-foot">
          <Shown text={skipped} />
        </footer>
      )}
    </section>
  );
}

/** How a change of many targets goes: a few first, then more, and when it stops. Nothing for a plan without waves. */
function Waves({ plan }: { plan: Plan }) {
  const sizes = waveSizes(plan.steps);
  if (!sizes.length) return null;
  const budget = Math.round(plan.error_budget * 100);
  return (
    <footer class="escher-foot">
      {`In ${counted(sizes.length, "wave")} of ${sizes.join(", ")} targets. It stops after a wave when more than ${budget} % of the targets so far have failed.`}
    </footer>
  );
}

/** How many targets each wave has, in order. */
export function waveSizes(steps: readonly Step[]): number[] {
  const waves = new Map<number, Set<string>>();
  for (const step of steps) {
    if (!step.wave) continue;
    const targets = waves.get(step.wave) ?? new Set<string>();
    for (const target of step.targets) targets.add(target);
    waves.set(step.wave, targets);
  }
  return [...waves.keys()].sort((a, b) => a - b).map((wave) => waves.get(wave)!.size);
}

/** The steps of a plan that are one step of its playbook, over accounts and regions. */
export function byNumber(steps: readonly Step[]): Step[][] {
  const groups = new Map<number, Step[]>();
  for (const step of steps) groups.set(step.number, [...(groups.get(step.number) ?? []), step]);
  return [...groups.values()];
}

type Place = (step: Step) => string;
type GroupProps = { steps: readonly Step[]; position: number; place: Place; explained: boolean };

function StepGroup({ steps, position, place, explained }: GroupProps) {
  const first = steps[0]!;
  const effect = steps
    .map((step) => step.effect)
    .reduce((a, b) => (SEVERITY.indexOf(a) >= SEVERITY.indexOf(b) ? a : b));
  return (
    <li>
      <span class="escher-position" aria-hidden="true">
        {position}
      </span>
      <span class="escher-title">
        <Shown text={first.title} />
      </span>
      <Tag tone={EFFECTS[effect].tone} text={EFFECTS[effect].step} />
      <div class="escher-what">
        <p>
          <Shown text={[first.description, places(steps, place)].filter(Boolean).join(" ")} />
        </p>
        {effect !== "read" && (
          <Code text={commands(steps, place, (step) => step.commands)} label={`Commands of step ${position}`} />
        )}
        {effect !== "read" && <Undo steps={steps} place={place} explained={explained} />}
        <details open={explained}>
          <summary>Show script</summary>
          <Exactly steps={steps} />
        </details>
      </div>
    </li>
  );
}

function Undo({ steps, place, explained }: { steps: readonly Step[]; place: Place; explained: boolean }) {
  const lost = steps.find((step) => !step.rollback);
  const partly = steps.find((step) => step.irreversible_because);
  if (lost) {
    return (
      <p class="escher-lost">
        ✕ Cannot be undone{lost.irreversible_because && ": "}
        <Shown text={lost.irreversible_because} />
      </p>
    );
  }
  const verbs = new Set(
    steps.flatMap((step) => step.rollback!.commands.map((command) => command.split(" ").slice(0, 3).join(" "))),
  );
  return (
    <details open={explained}>
      <summary>
        Undo: <Shown text={[...verbs].join(", ")} />
      </summary>
      <Code text={commands(steps, place, (step) => step.rollback!.commands)} label="How it is undone" />
      {partly && (
        <p class="escher-dim">
          Not brought back: <Shown text={partly.irreversible_because} />
        </p>
      )}
    </details>
  );
}

/** What is handed to the interpreter, byte for byte: scripts once, their arguments and environment for each place. */
function Exactly({ steps }: { steps: readonly Step[] }) {
  const undone = steps.filter((step) => step.rollback);
  return (
    <>
      <Scripts calls={steps} />
      {steps.map((step) => (
        <div key={step.step_id} class="escher-exact">
          <p class="escher-dim">
            <Shown text={`${whereExactly(step)}, at most ${counted(step.timeout_seconds, "second")}`} />
          </p>
          <Given call={step} />
        </div>
      ))}
      {undone.length > 0 && (
        <details>
          <summary>Show the script that undoes it</summary>
          <Scripts calls={undone.map((step) => step.rollback!)} />
          {undone.map((step) => (
            <div key={step.step_id} class="escher-exact">
              <p class="escher-dim">
                <Shown text={whereExactly(step)} />
              </p>
              <Given call={step.rollback!} />
            </div>
          ))}
        </details>
      )}
    </>
  );
}

function Scripts({ calls }: { calls: readonly Call[] }) {
  const languages = new Map(calls.map((call) => [call.script, call.language]));
  return (
    <>
      {[...languages].map(([script, language]) => (
        <Code key={script} text={script} label={`Script, ${language}`} />
      ))}
    </>
  );
}

function Given({ call }: { call: Call }) {
  const environment = Object.entries(call.environment);
  return (
    <dl class="escher-given">
      <dt>Arguments</dt>
      <dd>
        {call.arguments.length
          ? call.arguments.map((one, index) => (
              <code key={index}>
                <Shown text={one} />
              </code>
            ))
          : "none"}
      </dd>
      <dt>Environment</dt>
      <dd>
        {environment.length
          ? environment.map(([name, value]) => (
              <code key={name}>
                <Shown text={`${name}=${value}`} />
              </code>
            ))
          : "nothing but the account's credentials"}
      </dd>
    </dl>
  );
}

export function Tag({ tone, text }: { tone: string; text: string }) {
  return <span class={`escher-tag escher-${tone}`}>{text}</span>;
}

function accountOf(step: Step): string {
  return step.account_name || step.account_id;
}

function placeOf(step: Step): string {
  return [accountOf(step), step.region].filter(Boolean).join(" · ");
}

function whereExactly(step: Step): string {
  return `step ${step.step_id}, account ${step.account_id}, ${placeOf(step)}`;
}

function places(steps: readonly Step[], place: Place): string {
  const counts = new Map<string, number>();
  for (const step of steps) counts.set(place(step), (counts.get(place(step)) ?? 0) + step.targets.length);
  const said = [...counts].map(([name, number]) => `${name}, ${counted(number, "target")}`);
  return said.length > MOST_PLACES
    ? `${counted(counts.size, "place")}, ${counted(targetsOf(steps), "target")}.`
    : `${said.join("; ")}.`;
}

function targetsOf(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + step.targets.length, 0);
}

function commands(steps: readonly Step[], place: Place, of: (step: Step) => readonly string[]): string {
  return steps.map((step) => [`# ${place(step)}`, ...of(step)].join("\n")).join("\n");
}
