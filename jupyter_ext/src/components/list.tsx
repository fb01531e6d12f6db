/** A few sentences, one below the other. The choices of a question back can be copied with a click. */
import { useCopy } from "../copy";
import type { ListComponent } from "../generated/contract";
import { Sentence, Shown } from "../shown";

export function List({ component }: { component: ListComponent }) {
  const { title, ordered, selectable } = component.props;
  const [copy, note] = useCopy("Paste it into your question.");
  const Items = ordered ? "ol" : "ul";
  return (
    <section class="escher-list" aria-label={title || undefined}>
      {title && (
        <h3>
          <Shown text={title} />
        </h3>
      )}
      <Items class={selectable ? "escher-choices" : undefined}>
        {component.data.items.map((item, index) => (
          <li key={index}>
            {selectable ? (
              <button type="button" onClick={() => copy(item)}>
                <Shown text={item} />
              </button>
            ) : (
              <Sentence text={item} />
            )}
          </li>
        ))}
      </Items>
      {note}
    </section>
  );
}
