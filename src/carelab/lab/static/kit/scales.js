// From data to pixels.

/** Map a domain to a range, linearly. */
export function linearScale([low, high], [start, end]) {
  const span = high - low || 1;
  return (value) => start + ((value - low) / span) * (end - start);
}

/** Round tick values, at most about `count`, that cover a domain from inside. */
export function niceTicks(low, high, count = 5) {
  const span = high - low;
  if (!(span > 0)) return [low];
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= rough);
  const ticks = [];
  for (let index = Math.ceil(low / step); index * step <= high + step * 1e-9; index += 1) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

/** A domain that holds all finite values and zero, with a little room. */
export function domainWithZero(values, room = 0.06) {
  const finite = values.filter(Number.isFinite);
  const low = Math.min(0, ...finite);
  const high = Math.max(0, ...finite);
  const pad = (high - low || 1) * room;
  return [low === 0 ? 0 : low - pad, high === 0 ? 0 : high + pad];
}

/** An SVG path through points; a gap where a point is not finite. */
export function linePath(points) {
  let path = "";
  let open = false;
  for (const [x, y] of points) {
    if (Number.isFinite(x) && Number.isFinite(y)) {
      path += `${open ? "L" : "M"}${x.toFixed(1)},${y.toFixed(1)}`;
      open = true;
    } else {
      open = false;
    }
  }
  return path;
}
