// Start every lab of a static page: a classic script, so that it also runs from file://.

import { make } from "./kit/dom.js";
import { mountEconomy } from "./views/economy.js";
import { fill } from "./kit/format.js";
import { mountHospital } from "./hospital/hospital.js";

/** Fetch a script of the labs, unless it is there; it leaves a function in `carelabParts`. */
export function loadPart(name, address) {
  const left = () => globalThis.carelabParts?.[name];
  if (left()) return Promise.resolve(left());
  return new Promise((found, failed) => {
    const script = make("script", { src: address.href });
    const missing = () => failed(new Error(address.pathname.split("/").pop()));
    script.addEventListener("load", () => (left() ? found(left()) : missing()));
    script.addEventListener("error", missing);
    document.head.append(script);
  });
}

/** Mount the lab of one holder; a broken configuration leaves the static figure in place. */
export function startLab(holder, world, order) {
  const source = holder.querySelector("script[type='application/vnd.carelab+json']");
  const fallback = holder.querySelector(".carelab-fallback");
  let config;
  try {
    config = JSON.parse(source.textContent);
    // First, so that a link finds the lab where it will stay.
    if (fallback) fallback.hidden = true;
    if (config.kind === "economy") mountEconomy(holder, config, { ...world, analyst: world.analyst.share() }, { order });
    else if (config.kind === "welcome") world.welcome(holder, config, world);
    else mountHospital(holder, config, world);
    holder.dataset.ready = "true";
  } catch (error) {
    if (fallback) fallback.hidden = false;
    const text = world.registry?.words?.["lab.broken"] ?? "The lab could not start: {reason}.";
    holder.prepend(make("p", { role: "alert" }, fill(text, { reason: error.message })));
  }
}

/** Mount every lab of the page; only labs of the care economy are counted, for links name these. */
export function startPage(world) {
  const start = () => {
    let order = 1;
    for (const holder of document.querySelectorAll("[data-carelab]")) {
      if (!holder.dataset.ready) startLab(holder, world, order);
      if (holder.dataset.carelab === "economy") order += 1;
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
}
