// The same lab as a live widget: the anywidget contract, of which a host may offer only a part. A
// page made by MyST takes one name at a time, keeps no changes and stops no listening.

import { mountEconomy } from "./views/economy.js";
import { mountHospital } from "./hospital/hospital.js";

const EVENTS = ["change:levers", "change:scenario_text"];

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
    // Between two names set here the model is half told: it is not to be followed then.
    let still = false;
    const tell = (values) => {
      still = true;
      for (const [name, value] of Object.entries(values)) model.set(name, value);
      still = false;
      model.save_changes?.();
    };
    const economy = config.kind === "economy";
    const lab = economy
      ? mountEconomy(el, config, { ...world, analyst: world.analyst.share() }, { linked: false, suppress, onChange: (text, levers) => tell({ scenario_text: text, levers }) })
      : mountHospital(el, config, world, (levers) => tell({ levers }));
    suppress(el);
    // Place and preset stand in the text, every lever beside it.
    const follow = () => {
      if (still) return;
      if (economy) lab.follow(model.get("scenario_text"), model.get("levers"));
      else lab.assign(model.get("levers"));
    };
    follow();
    for (const event of EVENTS) model.on?.(event, follow);
    return () => {
      still = true;
      for (const event of EVENTS) model.off?.(event, follow);
      lab.destroy();
    };
  };
}
