/** A sentence that says what was understood. */
import type { Text as TextComponent } from "../generated/contract";
import { Sentence } from "../shown";

export function Text({ component }: { component: TextComponent }) {
  return (
    <p class="escher-say">
      <Sentence text={component.data.content} />
    </p>
  );
}
