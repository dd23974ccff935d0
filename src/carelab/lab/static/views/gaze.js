// What a reader looks at: year, outcome, what all is compared with, whether the range is drawn.

/** Hold it; a change makes a new state and tells who listens. */
export function createGaze(opening) {
  let current = { ...opening };
  const listeners = new Set();
  return {
    current: () => current,
    look(changes) {
      if (Object.entries(changes).every(([name, value]) => current[name] === value)) return;
      current = { ...current, ...changes };
      for (const listener of listeners) listener(current);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Where a reader started: the opening while its preset stands, else the preset that was chosen. */
export function startOf({ context, preset }, opening, economy) {
  if (context === opening.context && preset === opening.preset) return opening;
  return { context, preset, levers: economy.presets[preset] };
}
