// Grids of cells are one stop of the keyboard: arrows, Home and End move within.
(() => {
  if (window.carelabGrids) return;
  window.carelabGrids = true;
  const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
  const cellOf = (event) => event.target.closest?.(".carelab-grid [role=gridcell]");
  const rowsOf = (cell) =>
    [...cell.closest(".carelab-grid").rows]
      .map((row) => [...row.querySelectorAll("[role=gridcell]")])
      .filter((row) => row.length);
  document.addEventListener("keydown", (event) => {
    const cell = cellOf(event);
    if (!cell || event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = rowsOf(cell);
    const y = rows.findIndex((row) => row.includes(cell));
    const x = rows[y].indexOf(cell);
    const [down, right] = STEPS[event.key] ?? [0, 0];
    let next = rows[y + down]?.[x + right];
    if (event.key === "Home") next = rows[y][0];
    else if (event.key === "End") next = rows[y].at(-1);
    else if (!STEPS[event.key]) return;
    event.preventDefault();
    next?.focus();
  });
  document.addEventListener("click", (event) => cellOf(event)?.focus());
  document.addEventListener("focusin", (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    for (const other of rowsOf(cell).flat()) other.tabIndex = other === cell ? 0 : -1;
    cell.closest(".carelab-grid-frame").querySelector(".carelab-grid-said").textContent =
      cell.getAttribute("aria-label");
  });
})();
