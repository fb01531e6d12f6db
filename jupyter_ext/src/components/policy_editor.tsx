/** The user's policy: what is blocked, asked and allowed; to try on an act, to change as text, and to save by a click. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { digestOf } from "../canonical";
import { isPersons, useSeenSince, useSent } from "../clicking";
import type { PolicyAnswer, PolicyData, PolicyEditor as PolicyEditorComponent, Sample } from "../generated/contract";
import { type Part, parts } from "../policy_words";
import { Shown } from "../shown";
import type { Store } from "../store";
import { Tag } from "./execution_plan";

const PAUSE_MS = 400;
const TONES = { allow: "ok", ask: "warn", deny: "bad" };

export function PolicyEditor({ component, store }: { component: PolicyEditorComponent; store: Store }) {
  const { data } = component;
  const [draft, setDraft] = useState<string | undefined>(undefined);
  const sample = useRef<Sample | null>(null);
  const known = useRef(data.policy);
  known.current = data.policy ?? known.current;
  const check = (text: string) => store.checkPolicy(text, sample.current);
  const card = useRef<HTMLElement>(null);
  useEnter(card);
  return (
    <section ref={card} class="escher-card escher-policy" aria-label="Policy">
      <header class="escher-head">
        <h3>Policy</h3>
        <span class="escher-sub">
          {versionOf(data)}
          {draft !== undefined && draft !== data.text && " · below is your draft, not yet saved"}
        </span>
        <div class="escher-end">
          {draft === undefined && (
            <button type="button" class="escher-small" onClick={() => setDraft(data.text)}>
              Edit
            </button>
          )}
        </div>
      </header>
      {known.current && (
        <dl class="escher-laws">
          {parts(known.current).map((part) => (
            <PartOf key={part.title} part={part} />
          ))}
        </dl>
      )}
      {draft !== undefined && (
        <Editing
          data={data}
          store={store}
          draft={draft}
          change={setDraft}
          check={check}
          leave={() => setDraft(undefined)}
        />
      )}
      <Trying
        data={data}
        ask={(asked) => {
          sample.current = asked;
          check(draft ?? data.text);
        }}
      />
    </section>
  );
}

/** Let Enter do what it does in a form and in a text: JupyterLab listens on what has the focus, and takes it away. */
function useEnter(card: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const keep = (event: InputEvent) => event.inputType === "insertLineBreak" && event.stopPropagation();
    card.current?.addEventListener("beforeinput", keep, true);
    return () => card.current?.removeEventListener("beforeinput", keep, true);
  }, [card]);
}

function versionOf({ number, saved_at }: PolicyData): string {
  return number ? `version ${number} · ${saved_at.slice(0, 16).replace("T", " ")} UTC` : "built in · nobody has changed it";
}

function PartOf({ part }: { part: Part }) {
  return (
    <>
      <dt>
        <Tag tone={part.tone} text={part.title} />
      </dt>
      <dd>
        {part.lines.length === 0 && <span class="escher-dim">{part.none}</span>}
        {part.lines.map((line, index) => (
          <div key={index}>
            <b>
              <Shown text={line.name} />
            </b>{" "}
            <span class="escher-dim">
              <Shown text={line.says} />
            </span>
          </div>
        ))}
      </dd>
    </>
  );
}

type EditingProps = {
  data: PolicyData;
  store: Store;
  draft: string;
  change: (draft: string) => void;
  check: (text: string) => void;
  leave: () => void;
};

function Editing({ data, store, draft, change, check, leave }: EditingProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const seenSince = useSeenSince(button);
  const [sent, setSent] = useSent();
  const [failure, setFailure] = useState("");
  const digest = useDigest(draft);
  const isChecked = digest !== "" && digest === data.checked;
  // The version that the person began with: what another one saved meanwhile must not be undone unseen.
  const basedOn = useRef(data.number);
  useEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(0, 0);
    area.current?.scrollTo(0, 0);
  }, []);
  useEffect(() => {
    if (digest && digest === data.saved) leave();
  }, [digest, data.saved]);
  useEffect(() => {
    const timer = window.setTimeout(() => check(draft), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [draft]);
  const ready = store.signer.available && isChecked && data.problems.length === 0 && draft !== data.text && !sent;
  const save = (event: MouseEvent) => {
    if (!isPersons(event, seenSince) || !ready) return;
    setSent(true);
    store.savePolicy(draft, basedOn.current).catch((cause: Error) => {
      setSent(false);
      setFailure(cause.message);
    });
  };
  const problems = store.signer.available
    ? data.problems
    : ["Saving here needs https; or use escher policy edit in a terminal."];
  return (
    <div class="escher-body">
      <textarea
        ref={area}
        aria-label="The policy as TOML"
        rows={Math.min(24, draft.split("\n").length + 2)}
        spellcheck={false}
        value={draft}
        onInput={(event) => change(event.currentTarget.value)}
      />
      {(isChecked || !store.signer.available) &&
        [...problems, failure].filter(Boolean).map((problem) => (
          <p key={problem} class="escher-problem" role="alert">
            <Shown text={problem} />
          </p>
        ))}
      {isChecked &&
        data.notes.map((note) => (
          <p key={note} class="escher-warning">
            ! <Shown text={note} />
          </p>
        ))}
      <div class="escher-buttons">
        <button ref={button} type="button" class="escher-go" disabled={!ready} onClick={save}>
          {sent ? "Sent…" : "Save"}
        </button>
        <button
          type="button"
          onClick={() => {
            leave();
            check(data.text);
          }}
        >
          Discard
        </button>
        <span class="escher-dim">Approvals that were given under the policy of before no longer hold.</span>
      </div>
    </div>
  );
}

/** The digest of a text, by which the kernel says which text it means; empty until it is known. */
function useDigest(text: string): string {
  const [known, setKnown] = useState({ text: "", digest: "" });
  useEffect(() => {
    let current = true;
    digestOf(text).then(
      (digest) => current && setKnown({ text, digest }),
      () => undefined, // without cryptography nothing can be saved either, and the card says so
    );
    return () => {
      current = false;
    };
  }, [text]);
  return known.text === text ? known.digest : "";
}

function Trying({ data, ask }: { data: PolicyData; ask: (sample: Sample) => void }) {
  const [action, setAction] = useState("");
  const [target, setTarget] = useState("");
  const [count, setCount] = useState(1);
  const submit = (event: Event) => {
    event.preventDefault();
    if (action.trim().length > 2) ask({ action: action.trim(), target: target.trim(), count: Math.max(1, count || 1) });
  };
  return (
    <form class="escher-foot escher-try" onSubmit={submit}>
      <label>
        Try
        <input
          value={action}
          placeholder="aws ec2 terminate-instances"
          size={28}
          spellcheck={false}
          onInput={(event) => setAction(event.currentTarget.value)}
        />
      </label>
      <label>
        on
        <input
          value={target}
          placeholder="a resource's name"
          spellcheck={false}
          onInput={(event) => setTarget(event.currentTarget.value)}
        />
      </label>
      <label>
        times
        <input
          type="number"
          min={1}
          max={10000}
          value={count}
          onInput={(event) => setCount(event.currentTarget.valueAsNumber)}
        />
      </label>
      <button type="submit" class="escher-small">
        Try
      </button>
      <div role="status">
        {data.answer && <Answer answer={data.answer} />}
        {data.untried && <Shown text={data.untried} />}
      </div>
    </form>
  );
}

function Answer({ answer }: { answer: PolicyAnswer }) {
  const more = [
    answer.confirmation.length ? `To be typed: ${answer.confirmation[0]}.` : "",
    answer.approvals_required > 1 ? "Two people approve it." : "",
  ];
  return (
    <>
      <Tag tone={TONES[answer.decision]} text={answer.decision} />{" "}
      <Shown text={[answer.because, ...more].filter(Boolean).join(" ")} />
    </>
  );
}
