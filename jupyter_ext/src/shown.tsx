/** Every string from outside is shown through one of these: nothing in it can hide, turn text around or be markup. */
import type { ComponentChildren } from "preact";
import { pieces } from "./visible";

/** A string as it is, with deceptive characters marked. */
export function Shown({ text }: { text: string }): ComponentChildren {
  const parts = pieces(text);
  if (parts.length === 1 && !parts[0]!.escaped) return parts[0]!.text;
  return parts.map((part, index) =>
    part.escaped ? (
      <span key={index} class="escher-escaped" title="A character that cannot be seen or looks like another one">
        {part.text}
      </span>
    ) : (
      part.text
    ),
  );
}

/** A sentence in which `**bold**` is the only markup. */
export function Sentence({ text }: { text: string }): ComponentChildren {
  return text.split(/\*\*(.+?)\*\*/).map((part, index) =>
    index % 2 ? (
      <b key={index}>
        <Shown text={part} />
      </b>
    ) : (
      <Shown key={index} text={part} />
    ),
  );
}

const WORDS = /("(?:\\.|[^"\\])*"|'[^']*'|\s+)/;

/** Commands or a script: comments dim, flags coloured. */
export function Code({ text, label }: { text: string; label: string }) {
  const lines = text.replace(/\n$/, "").split("\n");
  return (
    <pre class="escher-code" tabIndex={0} role="region" aria-label={label}>
      {lines.map((line, index) => (
        <span key={index}>
          <CodeLine line={line} />
          {index < lines.length - 1 ? "\n" : ""}
        </span>
      ))}
    </pre>
  );
}

function CodeLine({ line }: { line: string }): ComponentChildren {
  if (/^\s*#/.test(line)) {
    return (
      <span class="escher-dim">
        <Shown text={line} />
      </span>
    );
  }
  return line.split(WORDS).map((word, index) =>
    /^--?[a-z][\w-]*(=|$)/i.test(word) ? (
      <span key={index} class="escher-flag">
        <Shown text={word} />
      </span>
    ) : (
      <Shown key={index} text={word} />
    ),
  );
}
