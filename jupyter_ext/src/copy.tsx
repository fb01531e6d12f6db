/** Give a text to the person to paste: nothing here ever runs it. */
import { useState } from "preact/hooks";

type Copied = { text: string; done: boolean } | undefined;

/** A function that copies, and what to show after it did or could not. */
export function useCopy(advice: string): [(text: string) => void, preact.ComponentChildren] {
  const [copied, setCopied] = useState<Copied>(undefined);
  const copy = (text: string) => {
    const clipboard = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error("no clipboard"));
    clipboard.then(
      () => setCopied({ text, done: true }),
      () => setCopied({ text, done: false }),
    );
  };
  return [copy, <Note copied={copied} advice={advice} />];
}

function Note({ copied, advice }: { copied: Copied; advice: string }) {
  return (
    <div role="status" class="escher-note">
      {copied &&
        (copied.done ? (
          `Copied. ${advice}`
        ) : (
          <label>
            Copy this. {advice} <input readOnly value={copied.text} onFocus={(event) => event.currentTarget.select()} />
          </label>
        ))}
    </div>
  );
}
