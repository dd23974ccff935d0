// Start every lab of a static page: a classic script, so that it also runs from file://.

import { make } from "./dom.js";
import { fill } from "./format.js";
import { mountLab } from "./lab.js";

/** Mount the lab of one holder; a broken configuration leaves the static figure in place. */
export function startLab(holder, models) {
  const source = holder.querySelector("script[type='application/vnd.carelab+json']");
  const fallback = holder.querySelector(".carelab-fallback");
  let config;
  try {
    config = JSON.parse(source.textContent);
    mountLab(holder, config, models[config.model]);
    if (fallback) fallback.hidden = true;
    holder.dataset.ready = "true";
  } catch (error) {
    const text = config?.words?.["lab.broken"] ?? "The lab could not start: {reason}.";
    holder.prepend(make("p", { role: "alert" }, fill(text, { reason: error.message })));
  }
}

/** Mount every lab of the page. */
export function startPage(models) {
  const start = () => {
    for (const holder of document.querySelectorAll("[data-carelab]:not([data-ready])")) {
      startLab(holder, models);
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
