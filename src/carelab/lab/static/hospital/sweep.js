// The small model along one lever.

/** Run the model along one lever, everything else as set. */
export function sweep(model, inputs, lever, steps = 60) {
  const rows = [];
  for (let index = 0; index <= steps; index += 1) {
    const at = lever.low + ((lever.high - lever.low) * index) / steps;
    rows.push({ at, flows: model({ ...inputs, [lever.name]: at }) });
  }
  return rows;
}
