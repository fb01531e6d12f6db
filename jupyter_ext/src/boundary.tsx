/** A component that fails takes only itself down, and can be tried again. */
import { Component, type ComponentChildren } from "preact";
import { Shown } from "./shown";

type Props = { type: string; children: ComponentChildren };

export class Boundary extends Component<Props, { cause?: string }> {
  override state: { cause?: string } = {};

  static override getDerivedStateFromError(cause: unknown) {
    return { cause: cause instanceof Error ? cause.message : String(cause) };
  }

  override render({ type, children }: Props, { cause }: { cause?: string }) {
    if (cause === undefined) return children;
    return (
      <div class="escher-card escher-body" role="alert">
        <p>
          <Shown text={`This ${type} could not be shown: ${cause}`} />
        </p>
        <button type="button" onClick={() => this.setState({ cause: undefined } as never)}>
          Try again
        </button>
      </div>
    );
  }
}
