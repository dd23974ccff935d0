// Links and notebook cells that carry a scenario elsewhere.

import { make, say } from "../kit/dom.js";
import { copyText } from "../kit/downloads.js";
import { linkHash, pythonCell, scenarioText, textFromHash } from "./scenario_text.js";

/** Build "copy link" and "copy as Python"; what cannot be copied is shown to be copied by hand. */
export function buildSharing({ speaker, desk, economy, config, order, spoken }) {
  const { t } = speaker;
  const shown = make("textarea", { readonly: true, rows: 3, class: "carelab-copy", "aria-label": t("lab.copy_by_hand") });
  shown.hidden = true;
  const offer = async (text, done) => {
    const copied = await copyText(text);
    shown.value = text;
    shown.hidden = copied;
    say(spoken, t(copied ? done : "lab.copy_by_hand"));
    if (!copied) shown.select();
  };
  const address = () => {
    const hash = linkHash(order, scenarioText(desk.current(), economy));
    return `${location.href.split("#")[0]}${hash}`;
  };
  const outcomes = [...new Set([...config.charts, ...config.outcomes])];
  const code = () => pythonCell(desk.current(), economy, outcomes, config.years);
  const link = make("button", { type: "button", "data-action": "link" }, t("lab.copy_link"));
  const python = make("button", { type: "button", "data-action": "python" }, t("lab.copy_python"));
  link.addEventListener("click", () => offer(address(), "lab.link_copied"));
  python.addEventListener("click", () => offer(code(), "lab.python_copied"));
  return { buttons: [link, python], shown };
}

/**
 * Follow the address: take its scenario, or say in one sentence why it cannot be taken. `arrive()`
 * brings the lab into sight and returns how to let go of it.
 */
export function followLinks({ speaker, desk, readText, order, problem, arrive }) {
  let opened = null;
  let leave = () => {};
  const follow = () => {
    leave();
    const text = textFromHash(location.hash, order);
    // Back from a link to the address alone: what the lab showed before the link.
    if (text === null && !location.hash && opened) desk.take(opened);
    if (text === null) return;
    const found = readText(text);
    if (found.scenario) {
      opened ??= desk.current();
      say(problem, "");
      desk.take(found.scenario);
    } else {
      desk.reset();
      say(problem, `${speaker.t(`lab.link_${found.problem}`, found.values)} ${speaker.t("lab.link_default")}`);
    }
    leave = arrive();
  };
  follow();
  window.addEventListener("hashchange", follow);
  return () => {
    leave();
    window.removeEventListener("hashchange", follow);
  };
}
