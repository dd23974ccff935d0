// The lines and numbers that a chart is read by.

import { draw } from "./dom.js";

/** Draw them; anew only when `key` tells of something new. Rows have {y, text}, columns {x, text}. */
export function drawGrid(grid, key, { rows, columns, left, right, floor }) {
  if (grid.dataset.key === key) return;
  grid.dataset.key = key;
  const lines = rows.flatMap(({ y, text }) => [
    draw("line", { x1: left, x2: right, y1: y, y2: y }),
    draw("text", { x: left - 6, y: y + 4, "text-anchor": "end" }, text),
  ]);
  grid.replaceChildren(...lines, ...columns.map(({ x, text }) => draw("text", { x, y: floor, "text-anchor": "middle" }, text)));
}
