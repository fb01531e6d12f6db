/** One figure with its label; several in a row make the row of facts. */
import { cellText } from "../format";
import type { Metric as MetricComponent } from "../generated/contract";
import { Shown } from "../shown";

const SIGNS = { plain: "", ok: "✓ ", warn: "! ", bad: "✕ " };

export function Metric({ component }: { component: MetricComponent }) {
  const { label, format, unit, tone } = component.props;
  const { value, delta } = component.data;
  return (
    <div class={`escher-fact escher-${tone}`}>
      <dt>
        <Shown text={label} />
      </dt>
      <dd>
        {SIGNS[tone]}
        <Shown text={[cellText(value, format), unit].filter(Boolean).join(" ")} />
        {delta !== null && (
          <span class="escher-delta">{` ${delta > 0 ? "▲" : "▼"} ${cellText(Math.abs(delta), format)}`}</span>
        )}
      </dd>
    </div>
  );
}
