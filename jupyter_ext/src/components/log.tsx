/** The lines of a run as they come. Follows the last one, unless the reader has scrolled away from it. */
import { useLayoutEffect, useRef } from "preact/hooks";
import { clock, counted } from "../format";
import type { OutputLine, TrackedStep } from "../generated/contract";
import { Shown } from "../shown";
import { useWindow } from "../window";

const LINE_HEIGHT = 19;
const NEAR_THE_END = 2 * LINE_HEIGHT;
// Colours of terminals: here the stream and the words say what matters.
const TERMINAL_CODES = /\x1b\[[0-9;?]*[ -/]*[@-~]/g;

type Row = OutputLine | number;

export function Log({ lines, steps }: { lines: readonly OutputLine[]; steps: readonly TrackedStep[] }) {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const rows = withGaps(lines);
  const seen = useWindow(box, rows.length, LINE_HEIGHT);
  const accounts = new Map(steps.map((step) => [step.step_id, step.account]));
  const last = lines.at(-1)?.seq;
  useLayoutEffect(() => {
    if (follows.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [last]);
  const scrolled = () => {
    const { scrollHeight, scrollTop, clientHeight } = box.current!;
    follows.current = scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
  };
  return (
    <div ref={box} class="escher-log" role="log" aria-live="off" aria-label="Output" tabIndex={0} onScroll={scrolled}>
      <div style={{ height: `${seen.before}px` }} />
      {rows.slice(seen.first, seen.last).map((row, index) => (
        <div key={seen.first + index} class="escher-line">
          {typeof row === "number" ? (
            `… ${counted(row, "line")} not kept here`
          ) : (
            <Line line={row} account={accounts.get(row.step_id) ?? ""} />
          )}
        </div>
      ))}
      <div style={{ height: `${seen.after}px` }} />
    </div>
  );
}

function Line({ line, account }: { line: OutputLine; account: string }) {
  return (
    <>
      <span class="escher-dim">{clock(line.at)}</span> <Shown text={account} />{" "}
      {line.stream === "stderr" && <span class="escher-stderr">err</span>}{" "}
      <span class={`escher-${line.stream}`}>
        <Shown text={line.text.replace(TERMINAL_CODES, "")} />
      </span>
    </>
  );
}

/** The lines, with a number where so many of them are missing. */
export function withGaps(lines: readonly OutputLine[]): Row[] {
  const rows: Row[] = [];
  let expected = 1;
  for (const line of lines) {
    if (line.seq > expected) rows.push(line.seq - expected);
    rows.push(line);
    expected = line.seq + 1;
  }
  return rows;
}
