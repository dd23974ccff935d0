// The same lab as a live widget: the anywidget contract.

import { mountEconomy } from "./views/economy.js";
import { mountHospital } from "./hospital/hospital.js";

/** Make anywidget's render function from the generated models. */
export function liveRender(world) {
  return ({ model, el }) => {
    const config = model.get("config");
    el.classList.add("carelab");
    // The classic notebook has letters of ten pixels, too small to read a lab by.
    if (parseFloat(getComputedStyle(document.documentElement).fontSize) < 14) el.style.setProperty("--carelab-rem", "16px");
    // JupyterLab would take the arrow keys of a focused slider for its own shortcuts.
    const suppress = (element) => {
      for (const control of element.querySelectorAll("input, select, textarea, button, summary")) {
        control.dataset.lmSuppressShortcuts = "true";
      }
    };
    const tell = (values) => {
      model.set(values);
      model.save_changes();
    };
    const economy = config.kind === "economy";
    const lab = economy
      ? mountEconomy(el, config, { ...world, analyst: world.analyst.share() }, { linked: false, suppress, onChange: (text, levers) => tell({ scenario_text: text, levers }) })
      : mountHospital(el, config, world.models[config.model], (levers) => tell({ levers }));
    suppress(el);
    // Place and preset stand in the text, every lever beside it.
    const follow = () => {
      if (economy) lab.follow(model.get("scenario_text"), model.get("levers"));
      else lab.assign(model.get("levers"));
    };
    follow();
    model.on("change:levers change:scenario_text", follow);
    return () => {
      model.off("change:levers change:scenario_text", follow);
      lab.destroy();
    };
  };
}
