/** A run while it runs: how far it is, for how long, what it prints, and the way to stop it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { elapsed } from "../format";
import type { ProgressData, ProgressTracker as ProgressTrackerComponent } from "../generated/contract";
import { Shown } from "../shown";
import type { Store } from "../store";
import { Log } from "./log";

export function ProgressTracker({ component, store }: { component: ProgressTrackerComponent; store: Store }) {
  const { data, props } = component;
  const paused = data.status === "paused";
  const running = data.status === "running" || data.status === "pending" || paused;
  const done = data.steps.filter((step) => step.status !== "pending" && step.status !== "running").length;
  const lines = store.lines(component.id);
  const [cancelling, setCancelling] = useState(false);
  // What was asked for last, until the kernel says that it is so.
  const [asked, setAsked] = useState<ProgressData["status"] | null>(null);
  const pause = () => {
    setAsked(data.status);
    store.pause(data.run_id, !paused);
  };
  const cancel = () => {
    setCancelling(true);
    store.cancel(data.run_id);
  };
  return (
    <section class="escher-card" aria-label={`Run: ${props.title}`}>
      <header class="escher-head">
        <h3>
          <Shown text={paused ? "Paused" : running ? "Running" : "Run"} />
        </h3>
        <span class="escher-sub" role="status">
          <Shown text={where(data, done, running)} />
          {" · "}
          <span aria-hidden="true">
            <Clock data={data} running={running} />
          </span>
        </span>
        {running && (
          <div class="escher-end">
            <button
              type="button"
              class="escher-small"
              disabled={cancelling || asked === data.status}
              title={paused ? "Go on with the next step" : "Stand before the next step"}
              onClick={pause}
            >
              {paused ? "Resume" : "Pause"}
            </button>
            <button type="button" class="escher-small" disabled={cancelling} onClick={cancel}>
              {cancelling ? "Cancelling…" : "Cancel"}
            </button>
          </div>
        )}
      </header>
      <div
        class="escher-bar"
        role="progressbar"
        aria-label={props.title}
        aria-valuemin={0}
        aria-valuemax={data.steps.length}
        aria-valuenow={done}
      >
        <i class={`escher-${data.status}`} style={{ width: `${(100 * done) / Math.max(1, data.steps.length)}%` }} />
      </div>
      {lines.length > 0 && <Log lines={lines} steps={data.steps} />}
      {data.footer && (
        <footer class="escher-foot">
          <Shown text={data.footer} />
        </footer>
      )}
    </section>
  );
}

function where(data: ProgressData, done: number, running: boolean): string {
  if (!running) return data.status;
  const current = data.steps.find((step) => step.status === "running");
  const number = Math.min(done + 1, data.steps.length);
  return [`step ${number} of ${data.steps.length}`, current?.title].filter(Boolean).join(" · ");
}

/** Seconds since the start by the kernel's clock, going on by the page's. */
function Clock({ data, running }: { data: ProgressData; running: boolean }) {
  const base = useRef({ elapsed: data.elapsed_s, at: performance.now() });
  if (base.current.elapsed !== data.elapsed_s) base.current = { elapsed: data.elapsed_s, at: performance.now() };
  const [, tick] = useState(0);
  useEffect(() => {
    if (!running) return undefined;
    const timer = window.setInterval(() => tick((count) => count + 1), 1000);
    return () => window.clearInterval(timer);
  }, [running]);
  const since = running ? (performance.now() - base.current.at) / 1000 : 0;
  return <>{elapsed(data.elapsed_s + since)}</>;
}
