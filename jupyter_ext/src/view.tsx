/** A reply: its components in order. Metrics in a row become one row of facts; a plan and its consent share a card. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useReducer } from "preact/hooks";
import { Boundary } from "./boundary";
import { Fallback } from "./components/fallback";
import { missingIn, rendererOf } from "./registry";
import type { Shape, Store } from "./store";

export function View({ store }: { store: Store }) {
  const [, update] = useReducer((count: number, _: undefined) => count + 1, 0);
  // Before the page paints: an answer may come between a paint and an effect.
  useLayoutEffect(() => store.watch(() => update(undefined)), [store]);
  // JupyterLab would take Enter, arrows and letters for its own shortcuts.
  return (
    <div class="escher" data-lm-suppress-shortcuts="true" role="region" aria-label={store.digest || "Escher"}>
      {store.state === "shown" ? (
        groups(store.components).map((group) => <Group key={group[0]!.id} group={group} store={store} />)
      ) : (
        <Waiting store={store} />
      )}
    </div>
  );
}

function Waiting({ store }: { store: Store }) {
  if (store.state === "waiting") return <p class="escher-say escher-dim">{store.digest}</p>;
  return (
    <div class="escher-card escher-body">
      <p>{store.digest}</p>
      <p class="escher-dim">The kernel does not answer. Run the cell again, or wait until the kernel is free.</p>
      <button type="button" onClick={() => void store.fetch()}>
        Try again
      </button>
    </div>
  );
}

/** Components that are shown together. */
export function groups(components: readonly Shape[]): Shape[][] {
  const all: Shape[][] = [];
  for (const component of components) {
    const last = all.at(-1);
    if (last && belongs(last.at(-1)!, component)) last.push(component);
    else all.push([component]);
  }
  return all;
}

function belongs(before: Shape, component: Shape): boolean {
  if (component.type === "metric") return before.type === "metric";
  return before.type === "execution_plan" && component.type === "confirmation_card";
}

function Group({ group, store }: { group: Shape[]; store: Store }): ComponentChildren {
  const shown = group.map((component) => <One key={component.id} component={component} store={store} />);
  if (group[0]!.type === "metric") return <dl class="escher-facts">{shown}</dl>;
  return group.length > 1 ? <section class="escher-card">{shown}</section> : shown;
}

function One({ component, store }: { component: Shape; store: Store }) {
  const Renderer = rendererOf(component);
  const missing = missingIn(component);
  return (
    <Boundary type={component.type} key={component.id}>
      {Renderer && missing.length === 0 ? (
        <Renderer component={component} store={store} />
      ) : (
        <Fallback component={component} missing={missing} />
      )}
    </Boundary>
  );
}
