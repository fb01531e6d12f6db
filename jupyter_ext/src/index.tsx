/** The widget: one per reply. anywidget calls `initialize` once a model and `render` once a place where it is shown. */
import { render } from "preact";
import "./components";
import "./style.css";
import { Store, type Model } from "./store";
import { View } from "./view";

export default () => {
  let store: Store;
  return {
    initialize({ model }: { model: Model }) {
      store = new Store(model);
      return () => store.close();
    },
    render({ el }: { el: HTMLElement }) {
      render(<View store={store} />, el);
      return () => render(null, el);
    },
  };
};
