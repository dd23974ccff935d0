// The presets of a reader's own cases: a lab brings them along, beside those of the course.

import { make } from "../kit/dom.js";

/** The world of one lab: the course's presets, then those of the reader's own cases. */
export function withOwnCases(world, own) {
  const names = Object.keys(own?.presets ?? {}).filter((name) => !Object.hasOwn(world.economy.presets, name));
  if (!names.length) return world;
  const each = (what) => Object.fromEntries(names.map((name) => [name, what(own.presets[name])]));
  const { economy, registry } = world;
  return {
    ...world,
    economy: { ...economy, presets: { ...economy.presets, ...each(({ values }) => values) } },
    registry: {
      ...registry,
      presets: { ...registry.presets, ...each(({ label, why, known }) => ({ label, why, known, misses: [] })) },
    },
  };
}

/** One sentence for each file of the reader's that the lab leaves out. */
export function ownProblems(problems = []) {
  return problems.map((text) => make("p", { class: "carelab-problem", role: "note" }, text));
}
