// What the student has set, and who wants to know.

/** Keep lever values inside their ranges and tell listeners, at most once a frame. */
export function createState(levers, schedule = (run) => requestAnimationFrame(run)) {
  const byName = Object.fromEntries(levers.map((lever) => [lever.name, lever]));
  const defaults = Object.fromEntries(levers.map((lever) => [lever.name, lever.opening]));
  const values = { ...defaults };
  const listeners = new Set();
  let waiting = false;

  const tell = () => {
    waiting = false;
    for (const listener of listeners) listener({ ...values });
  };
  const changed = () => {
    if (!waiting) {
      waiting = true;
      schedule(tell);
    }
  };
  const assign = (changes) => {
    let moved = false;
    for (const [name, value] of Object.entries(changes)) {
      const lever = byName[name];
      if (!lever || !Number.isFinite(value)) continue;
      const inside = Math.min(lever.high, Math.max(lever.low, value));
      if (values[name] !== inside) {
        values[name] = inside;
        moved = true;
      }
    }
    if (moved) changed();
    return moved;
  };
  return {
    values: () => ({ ...values }),
    assign,
    reset: (name) => assign(name ? { [name]: defaults[name] } : defaults),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Run the model along one lever, everything else as set. */
export function sweep(model, inputs, lever, steps = 60) {
  const rows = [];
  for (let index = 0; index <= steps; index += 1) {
    const at = lever.low + ((lever.high - lever.low) * index) / steps;
    rows.push({ at, flows: model({ ...inputs, [lever.name]: at }) });
  }
  return rows;
}
