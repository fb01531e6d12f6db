/** What is shown for a type nobody registered, or for data that lacks what its type needs. */
import { Shown } from "../shown";
import type { Shape } from "../store";

export function Fallback({ component, missing }: { component: Shape; missing: readonly string[] }) {
  const why = missing.length ? `lacks ${missing.join(", ")}` : "has no component here; this is its specification";
  return (
    <section class="escher-card">
      <header class="escher-head">
        <h3>
          <Shown text={component.type} />
        </h3>
        <span class="escher-sub">{why}</span>
      </header>
      <pre class="escher-code escher-flat" tabIndex={0} aria-label="Raw specification">
        <Shown text={JSON.stringify(component, null, 2)} />
      </pre>
    </section>
  );
}
