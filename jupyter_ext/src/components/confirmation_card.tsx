/** The one place where a click is consent: what would run as whom, for how long it is valid, and the button. */
import { useEffect, useRef, useState } from "preact/hooks";
import { isPersons, useSeenSince, useSent } from "../clicking";
import { useCopy } from "../copy";
import { elapsed, shortDigest } from "../format";
import type { ConfirmationCard as ConfirmationCardComponent, Plan } from "../generated/contract";
import { Sentence, Shown } from "../shown";
import type { Store } from "../store";

const CLOSED = {
  granted: "Approved. It runs once.",
  used: "Approved and run. Ask again to run it again.",
  expired: "No longer valid. Ask again to get a new plan.",
  refused: "Refused. Nothing was run.",
};

export function ConfirmationCard({ component, store }: { component: ConfirmationCardComponent; store: Store }) {
  const { data, props } = component;
  const plan = store.plan(data.plan_id);
  const left = useSecondsLeft(data.expires_at);
  const state = data.state === "open" && left <= 0 ? "expired" : data.state;
  const [copy, note] = useCopy("Paste it into a new cell and change it.");
  return (
    <section class="escher-ask" aria-label={`Consent to: ${props.action}`}>
      {data.warnings.map((warning) => (
        <p key={warning} class="escher-warning">
          <span aria-hidden="true">!</span> <Shown text={warning} />
        </p>
      ))}
      <div class="escher-what">
        <Sentence text={data.summary} />
        <div class="escher-hash" title={data.digest}>
          {`plan ${shortDigest(data.digest)} · `}
          {state === "open" ? `valid ${elapsed(left)}` : CLOSED[state]}
        </div>
      </div>
      <button
        type="button"
        aria-pressed={store.explained.has(data.plan_id)}
        onClick={() => store.explain(data.plan_id)}
      >
        Explain
      </button>
      {plan && (
        <button type="button" onClick={() => copy(prompt(plan.question))}>
          Change
        </button>
      )}
      {plan && state === "open" && <Approve plan={plan} typed={props.typed} store={store} />}
      {note}
    </section>
  );
}

function Approve({ plan, typed, store }: { plan: Plan; typed: string; store: Store }) {
  const button = useRef<HTMLButtonElement>(null);
  const seenSince = useSeenSince(button);
  const [answer, setAnswer] = useState("");
  const [sent, setSent] = useSent();
  const [problem, setProblem] = useState(
    store.signer.available ? "" : "Approving here needs https; or use escher approve in a terminal.",
  );
  const named = !typed || [typed, ...plan.confirmation].includes(answer.trim());
  const click = (event: MouseEvent) => {
    if (!isPersons(event, seenSince) || !named || sent) return;
    setSent(true);
    store.approve(plan, answer.trim()).catch((cause: Error) => {
      setSent(false);
      setProblem(cause.message);
    });
  };
  return (
    <>
      {typed && (
        <label class="escher-typed">
          Type{" "}
          <code>
            <Shown text={typed} />
          </code>{" "}
          to confirm
          <input
            value={answer}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => setAnswer(event.currentTarget.value)}
          />
        </label>
      )}
      <button
        ref={button}
        type="button"
        class={plan.effect === "destroy" ? "escher-go escher-destroys" : "escher-go"}
        disabled={!named || sent || !store.signer.available}
        onClick={click}
      >
        {sent ? "Sent…" : "Approve and run"}
      </button>
      {problem && (
        <p class="escher-warning" role="alert">
          <Shown text={problem} />
        </p>
      )}
    </>
  );
}

function useSecondsLeft(expires: string): number {
  const left = () => Math.max(0, (new Date(expires).getTime() - Date.now()) / 1000);
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    const timer = window.setInterval(() => setSeconds(left()), 1000);
    return () => window.clearInterval(timer);
  }, [expires]);
  return seconds;
}

function prompt(question: string): string {
  return question.includes("\n") ? `%%escher\n${question}` : `%escher ${question}`;
}
