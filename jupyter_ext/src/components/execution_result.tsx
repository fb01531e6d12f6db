/** The end of a run: what came of it, step by step, and the next move. */
import { useCopy } from "../copy";
import { elapsed } from "../format";
import type { ExecutionResult as ExecutionResultComponent, Remedy, TrackedStep } from "../generated/contract";
import { Shown } from "../shown";
import { Tag } from "./execution_plan";

type Status = TrackedStep["status"] | "interrupted";

const MARKS: Record<Status, { sign: string; tone: string }> = {
  completed: { sign: "✓", tone: "ok" },
  failed: { sign: "✕", tone: "bad" },
  timeout: { sign: "✕", tone: "bad" },
  cancelled: { sign: "–", tone: "warn" },
  interrupted: { sign: "–", tone: "warn" },
  running: { sign: "…", tone: "plain" },
  pending: { sign: "·", tone: "plain" },
};

export function ExecutionResult({ component }: { component: ExecutionResultComponent }) {
  const { data, props } = component;
  const entry = data.audit_entry === null ? "" : ` · audit entry ${data.audit_entry}`;
  return (
    <section class="escher-card" role="status" aria-label={props.title}>
      <header class="escher-head">
        <h3>
          <Shown text={props.title} />
        </h3>
        <span class="escher-sub">
          <Shown text={data.summary} />
        </span>
        <div class="escher-end">
          <Tag tone={MARKS[data.status].tone} text={`${MARKS[data.status].sign} ${data.status}`} />
        </div>
      </header>
      {data.steps.length > 0 && (
        <ul class="escher-outcomes">
          {data.steps.map((step) => (
            <Outcome key={step.step_id} step={step} />
          ))}
        </ul>
      )}
      {data.error && <Block title="What went wrong" text={data.error} open />}
      {data.output && <Block title="Its last output" text={data.output} open={false} />}
      {data.remedies.length > 0 && <Remedies remedies={data.remedies} />}
      {data.protections.length > 0 && (
        <p class="escher-protections">
          <Shown text={`What stood around it: ${data.protections.join(" ")}`} />
        </p>
      )}
      {data.next_actions.length > 0 && (
        <ul class="escher-next">
          {data.next_actions.map((action) => (
            <li key={action}>
              <Shown text={action} />
            </li>
          ))}
        </ul>
      )}
      <footer class="escher-foot">{`Took ${elapsed(data.duration_s)}${entry}`}</footer>
    </section>
  );
}

function Outcome({ step }: { step: TrackedStep }) {
  const mark = MARKS[step.status];
  return (
    <li>
      <span class={`escher-mark escher-${mark.tone}`} aria-hidden="true">
        {mark.sign}
      </span>
      <Shown text={step.title} />
      <span class="escher-dim">
        <Shown text={[step.account, step.region].filter(Boolean).join(" · ")} />
      </span>
      <span class={`escher-status escher-${mark.tone}`}>{step.status}</span>
    </li>
  );
}

/** What may help. One with words to ask for copies them: nothing is done from here. */
function Remedies({ remedies }: { remedies: Remedy[] }) {
  const [copy, note] = useCopy("Paste it into your next request; what comes of it is shown before it runs.");
  return (
    <section class="escher-remedies" aria-label="What may help">
      <h4>What may help</h4>
      <ul class="escher-next">
        {remedies.map((remedy) => (
          <li key={remedy.title}>
            {remedy.prompt ? (
              <button type="button" onClick={() => copy(remedy.prompt)}>
                <Shown text={remedy.title} />
              </button>
            ) : (
              <b>
                <Shown text={remedy.title} />
              </b>
            )}{" "}
            <span class="escher-dim">
              <Shown text={`${remedy.reason} Risk: ${remedy.risk}.`} />
            </span>
          </li>
        ))}
      </ul>
      {note}
    </section>
  );
}

function Block({ title, text, open }: { title: string; text: string; open: boolean }) {
  return (
    <details class="escher-block" open={open}>
      <summary>{title}</summary>
      <pre class="escher-code" tabIndex={0}>
        <Shown text={text} />
      </pre>
    </details>
  );
}
