// The same lab as a live widget: the anywidget contract.

import { mountLab } from "./lab.js";

/** Make anywidget's render function from the generated models. */
export function liveRender(models) {
  return ({ model, el }) => {
    const config = model.get("config");
    el.classList.add("carelab");
    const lab = mountLab(el, config, models[config.model], (values) => {
      model.set("levers", values);
      model.save_changes();
    });
    // JupyterLab would take the arrow keys of a focused slider for its own shortcuts.
    for (const control of el.querySelectorAll("input, select, button, summary")) {
      control.dataset.lmSuppressShortcuts = "true";
    }
    lab.assign(model.get("levers"));
    const follow = () => lab.assign(model.get("levers"));
    model.on("change:levers", follow);
    return () => {
      model.off("change:levers", follow);
      lab.destroy();
    };
  };
}
