/**
 * Which component shows which type. A later registration replaces an earlier one, except for those through which
 * consent is given: nobody can register over them, and they are shown only for what the kernel itself sent.
 */
import type { ComponentType } from "preact";
import { isFromKernel, type Shape, type Store } from "./store";

// A component is registered with the type whose data it takes, so its properties cannot be named here.
export type Renderer = ComponentType<{ component: any; store: Store }>;

type Entry = { render: Renderer; needs: readonly string[] };

const OWN = new Set(["confirmation_card", "execution_plan", "policy_editor"]);
const entries = new Map<string, Entry>();

/** Show components of this type with `render`; `needs` are paths (`data.rows`) without which nothing can be shown. */
export function register(type: string, render: Renderer, needs: readonly string[] = []): void {
  if (OWN.has(type) && entries.has(type)) throw new Error(`${type} is Escher's own and cannot be registered over.`);
  entries.set(type, { render, needs });
}

/** What shows this component, or nothing when its type is unknown or it may not be of that type. */
export function rendererOf(component: Shape): Renderer | undefined {
  return OWN.has(component.type) && !isFromKernel(component) ? undefined : entries.get(component.type)?.render;
}

/** The paths this component lacks. */
export function missingIn(component: Shape): string[] {
  return (entries.get(component.type)?.needs ?? []).filter((path) => valueAt(component, path) === undefined);
}

function valueAt(component: Shape, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], component);
}
