/** A failure in words: what went wrong, and the next move. */
import type { ErrorCard as ErrorCardComponent } from "../generated/contract";
import { Shown } from "../shown";

export function ErrorCard({ component }: { component: ErrorCardComponent }) {
  const { code, message, hint, details } = component.data;
  return (
    <section class="escher-card escher-error" role="alert">
      <header class="escher-head">
        <h3>
          <Shown text={component.props.title} />
        </h3>
        <div class="escher-end">
          <span class="escher-tag escher-bad">
            <Shown text={code.replaceAll("_", " ")} />
          </span>
        </div>
      </header>
      <div class="escher-body">
        <p>
          <Shown text={message} />
        </p>
        {hint && (
          <p class="escher-dim">
            <Shown text={hint} />
          </p>
        )}
        {details && (
          <details>
            <summary>Details</summary>
            <pre class="escher-code">
              <Shown text={details} />
            </pre>
          </details>
        )}
      </div>
    </section>
  );
}
