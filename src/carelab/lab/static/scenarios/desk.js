// What the student has set, what was set before, and who wants to know.

import { onStep } from "../kit/format.js";

const MOST_STEPS = 200;

/**
 * Hold one scenario {context, preset, levers}; every change makes a new one.
 * Changes between two calls of `settle` are one gesture, and one step of undo.
 */
export function createDesk(opening, economy, ranges, schedule = (run) => requestAnimationFrame(run)) {
  let current = copy(opening);
  let past = [];
  let future = [];
  let moving = false;
  let waiting = false;
  const listeners = new Set();

  function changed() {
    if (waiting) return;
    waiting = true;
    schedule(() => {
      waiting = false;
      for (const listener of listeners) listener(current);
    });
  }

  function become(next) {
    if (same(next, current)) return false;
    if (!moving) {
      past = [...past.slice(1 - MOST_STEPS), current];
      future = [];
      moving = true;
    }
    current = next;
    changed();
    return true;
  }

  const desk = {
    current: () => current,
    values: () => ({ ...current.levers }),
    /** Set levers; unknown names and what is no number are passed over. */
    assign(changes) {
      const levers = { ...current.levers };
      for (const [name, value] of Object.entries(changes)) {
        if (Object.hasOwn(ranges, name) && Number.isFinite(value)) levers[name] = onStep(ranges[name], value);
      }
      return become({ ...current, levers });
    },
    /** End a gesture. */
    settle() {
      moving = false;
    },
    /** Take a whole scenario, as one step. */
    take(scenario) {
      desk.settle();
      const moved = become(copy(scenario));
      desk.settle();
      return moved;
    },
    /** The incentives of a preset, in the place as it is. */
    preset: (preset) =>
      desk.take({ context: current.context, preset, levers: economy.presets[preset] }),
    /** The same incentives in another place. */
    place: (context) => desk.take({ ...current, context }),
    reset(name) {
      if (!name) return desk.take(opening);
      desk.settle();
      const moved = desk.assign({ [name]: economy.presets[current.preset][name] });
      desk.settle();
      return moved;
    },
    undo: () => step(past, future, (stack) => (past = stack), (stack) => (future = stack)),
    redo: () => step(future, past, (stack) => (future = stack), (stack) => (past = stack)),
    canUndo: () => past.length > 0,
    canRedo: () => future.length > 0,
    /** What the last change started from. */
    before: () => past.at(-1) ?? null,
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  function step(from, to, setFrom, setTo) {
    if (!from.length) return false;
    const next = from.at(-1);
    setFrom(from.slice(0, -1));
    setTo([...to, current]);
    current = next;
    moving = false;
    changed();
    return true;
  }

  return desk;
}

function copy({ context, preset, levers }) {
  return { context, preset, levers: { ...levers } };
}

/** Whether two scenarios are the same in every lever. */
export function same(one, other) {
  return (
    one.context === other.context &&
    one.preset === other.preset &&
    Object.keys(one.levers).every((name) => one.levers[name] === other.levers[name])
  );
}

/** Names of the levers in which two settings differ, in the order of the model. */
export function changedLevers(from, to, names) {
  return names.filter((name) => from[name] !== to[name]);
}
