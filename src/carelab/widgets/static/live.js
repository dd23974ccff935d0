// The same lab as a live widget: the anywidget contract.

import { mountEconomy } from "./econ.js";
import { mountLab } from "./gains_lab.js";

/** Make anywidget's render function from the generated models. */
export function liveRender(world) {
  return ({ model, el }) => {
    const config = model.get("config");
    el.classList.add("carelab");
    // JupyterLab would take the arrow keys of a focused slider for its own shortcuts.
    const suppress = (element) => {
      for (const control of element.querySelectorAll("input, select, textarea, button, summary")) {
        control.dataset.lmSuppressShortcuts = "true";
      }
    };
    const tell = (values) => {
      model.set("levers", values);
      model.save_changes();
    };
    const lab =
      config.kind === "economy"
        ? mountEconomy(el, config, { ...world, analyst: world.analyst.share() }, { linked: false, suppress, onChange: (text, values) => { model.set("scenario_text", text); tell(values); } })
        : mountLab(el, config, world.models[config.model], tell);
    suppress(el);
    lab.assign(model.get("levers"));
    const follow = () => lab.assign(model.get("levers"));
    model.on("change:levers", follow);
    return () => {
      model.off("change:levers", follow);
      lab.destroy();
    };
  };
}
