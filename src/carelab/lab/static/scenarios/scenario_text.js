// The short text of a scenario: the same that Python reads and writes.

import { allows, isCounted } from "../kit/format.js";

// A number as Python reads it in a scenario text.
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A text without the space around it; Python takes off the same signs. */
export const stripped = (text) => text.replace(/^[ \t\r\n\u00a0\u3000]+|[ \t\r\n\u00a0\u3000]+$/g, "");

/** Write a scenario; levers as in its preset are left out. */
export function scenarioText({ context, preset, levers }, economy) {
  const base = economy.presets[preset];
  const changed = economy.levers
    .filter((name) => levers[name] !== base[name])
    .map((name) => `${name}=${Number(levers[name].toPrecision(10))}`);
  const head = `carelab/${economy.version}/${context}/${preset}`;
  return changed.length ? `${head}/${changed.join(";")}` : head;
}

/**
 * Read a scenario: {scenario}, or {problem, values} that a sentence can be made of.
 * A text of another model version is refused: its numbers would mean something else.
 */
export function readScenario(text, economy, ranges) {
  const parts = stripped(String(text)).split("/");
  if (parts[0] !== "carelab" || parts.length < 4 || parts.length > 5) {
    return { problem: "form", values: { text: parts.join("/").slice(0, 40) } };
  }
  const [, version, context, preset, rest = ""] = parts;
  if (version !== economy.version) {
    return { problem: "version", values: { version: version.slice(0, 10), ours: economy.version } };
  }
  if (!Object.hasOwn(economy.places, context)) {
    return { problem: "place", values: { name: context.slice(0, 40) } };
  }
  if (!Object.hasOwn(economy.presets, preset)) {
    return { problem: "preset", values: { name: preset.slice(0, 40) } };
  }
  const levers = { ...economy.presets[preset] };
  for (const pair of rest.split(";").filter(Boolean)) {
    const at = pair.indexOf("=");
    const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    const range = Object.hasOwn(ranges, name) ? ranges[name] : null;
    if (!range) return { problem: "lever", values: { name: name.slice(0, 40) } };
    const number = NUMBER.test(value) ? Number(value) : NaN;
    if (!allows(range, number)) {
      const { label, low, high, step } = range;
      const problem = isCounted(range) ? "step" : "value";
      return { problem, values: { name: label, value: value.slice(0, 20), low, high, step } };
    }
    levers[name] = number;
  }
  return { scenario: { context, preset, levers } };
}

/** What stands behind the # of an address: the lab's number on the page and a scenario. */
export function linkHash(order, text) {
  const lab = order === 1 ? "lab" : `lab${order}`;
  return `#${lab}=${text.split("/").map(encodeURIComponent).join("/")}`;
}

/** Read an address: the scenario text meant for this lab, or null. */
export function textFromHash(hash, order) {
  const found = /^#lab(\d*)=(.*)$/.exec(hash);
  if (!found || Number(found[1] || 1) !== order) return null;
  try {
    return decodeURIComponent(found[2]);
  } catch {
    return found[2];
  }
}

/** A notebook cell that computes the numbers on the page. */
export function pythonCell({ context, preset, levers }, economy, outcomes, years) {
  const base = economy.presets[preset];
  const changes = economy.levers
    .filter((name) => levers[name] !== base[name])
    .map((name) => `    "${name}": ${Number(levers[name].toPrecision(10))},\n`);
  const settings = changes.length ? `, {\n${changes.join("")}}` : "";
  const names = outcomes.map((name) => `"${name}"`).join(", ");
  return (
    "from carelab.engine import Scenario, yearly_outcomes\n\n" +
    `scenario = Scenario("${context}", "${preset}"${settings})\n` +
    `yearly_outcomes(scenario, [${names}], years=${years})\n`
  );
}
