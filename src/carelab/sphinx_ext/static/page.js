// Reading settings that a browser remembers, and notes that stand beside their mark.
// A classic script without imports, so that it also runs from file:// and in node's tests.
"use strict";

(() => {
  const KEY = "carelab-reading";
  const ALLOWED = { marks: ["quiet", "full", "off"], code: ["off", "on"] };
  // Marks that the keyboard passes over while their paragraph has one stop for all of them.
  const PASSED = ".carelab-other, .carelab-inner";
  const GAP = 12;
  // A cell of more letters makes its table one of sentences.
  const SENTENCE = 40;
  const PARTS = [
    ["thead, tbody", "rowgroup"],
    ["tr", "row"],
    ["thead th", "columnheader"],
    ["tbody td", "cell"],
  ];

  /** Settings as stored, each replaced by the first that is allowed where it is not sound. */
  function readSettings(text) {
    let stored = null;
    try {
      stored = JSON.parse(text);
    } catch {
      // What another page kept there is nothing of ours.
    }
    return Object.fromEntries(
      Object.entries(ALLOWED).map(([name, values]) => {
        const value = stored && typeof stored === "object" ? stored[name] : null;
        return [name, values.includes(value) ? value : values[0]];
      }),
    );
  }

  /** Where a note stands: beside the text if the margin has room for it, else nowhere. */
  function placeInMargin(mark, text, note, view) {
    const left = text.right + 24;
    const width = Math.min(290, view.width - left - 16);
    if (width < 200) return null;
    const top = Math.max(GAP, Math.min(mark.top - 10, view.height - note.height - GAP));
    return { left, width, top };
  }

  /** How far the page must move so that what has the focus stands above a sheet. */
  function hiddenBy(mark, sheet) {
    return mark.bottom > sheet.top - GAP ? mark.bottom - sheet.top + GAP : 0;
  }

  function mountNotes(root) {
    let opener = null;
    let open = null;

    function place() {
      const text = root.querySelector(".bd-article");
      delete open.dataset.placed;
      open.removeAttribute("style");
      const view = { width: innerWidth, height: innerHeight };
      const mark = opener.getBoundingClientRect();
      open.style.width = "290px";
      const found =
        text && placeInMargin(mark, text.getBoundingClientRect(), open.getBoundingClientRect(), view);
      open.removeAttribute("style");
      if (found) {
        open.dataset.placed = "";
        for (const [name, value] of Object.entries(found)) open.style[name] = `${value}px`;
        return;
      }
      const move = hiddenBy(mark, open.getBoundingClientRect());
      if (move) scrollBy({ top: move, behavior: "instant" });
      // At the end of a page nothing moves: the sheet gives way.
      if (hiddenBy(opener.getBoundingClientRect(), open.getBoundingClientRect())) {
        open.style.inset = "0 0 auto";
      }
    }

    root.addEventListener("click", (event) => {
      const mark = event.target.closest("[popovertarget]");
      if (mark) opener = mark;
    });
    for (const note of root.querySelectorAll(".carelab-note")) {
      note.addEventListener("toggle", (event) => {
        if (event.newState === "open") {
          open = note;
          if (opener) place();
        } else if (open === note) open = null;
      });
    }
    // A note never hides what has the focus.
    root.addEventListener("focusin", (event) => {
      if (open && event.target !== opener && !open.contains(event.target)) open.hidePopover();
    });
    addEventListener("resize", () => open && opener && place());
  }

  function apply(settings) {
    const root = document.documentElement;
    root.dataset.marks = settings.marks;
    root.dataset.code = settings.code;
    const stay = settings.marks === "quiet" ? "-1" : "0";
    for (const each of document.querySelectorAll(PASSED)) each.setAttribute("tabindex", stay);
    for (const each of document.querySelectorAll(".bd-article .cell > details.hide")) {
      if (settings.code === "on") each.open = true;
    }
  }

  function mountSettings(holder, settings) {
    const panel = holder.querySelector(".carelab-reading-panel");
    const button = holder.querySelector(".carelab-reading-open");
    for (const input of panel.querySelectorAll("input")) {
      const name = input.name.replace("carelab-", "");
      if (input.type === "radio") input.checked = input.value === settings[name];
      else input.checked = settings[name] === "on";
      input.addEventListener("change", () => {
        settings[name] = input.type === "radio" ? input.value : input.checked ? "on" : "off";
        apply(settings);
        try {
          localStorage.setItem(KEY, JSON.stringify(settings));
        } catch {
          // Where nothing can be kept, a setting holds for this page.
        }
      });
    }
    const show = (open) => button.setAttribute("aria-expanded", String(open));
    button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && button.getAttribute("aria-expanded") === "true") {
        show(false);
        if (holder.contains(document.activeElement)) button.focus();
      }
    });
    document.addEventListener("click", (event) => {
      if (!holder.contains(event.target)) show(false);
    });
    holder.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !holder.contains(event.relatedTarget)) show(false);
    });
  }

  /** On a narrow page a table of sentences becomes rows: each cell tells its column. */
  function mountTables(root) {
    for (const table of root.querySelectorAll(".bd-article table.table")) {
      const heads = [...table.querySelectorAll("thead th")].map((each) => each.textContent.trim());
      const cells = [...table.querySelectorAll("tbody td")];
      if (heads.length < 3 || !cells.some((each) => each.textContent.length > SENTENCE)) continue;
      table.classList.add("carelab-rows");
      // A table that is laid out as blocks stays one for a screen reader.
      table.setAttribute("role", "table");
      for (const [part, role] of PARTS) {
        for (const each of table.querySelectorAll(part)) each.setAttribute("role", role);
      }
      for (const cell of cells) cell.dataset.head = heads[cell.cellIndex] ?? "";
    }
  }

  /** The fold of the header closes like a menu: by Escape, and by a press elsewhere. */
  function mountMenus(root) {
    const shut = (event) => {
      for (const menu of root.querySelectorAll("details.dropdown[open]")) {
        if (event.type === "click" ? menu.contains(event.target) : event.key !== "Escape") continue;
        if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
        menu.open = false;
      }
    };
    root.addEventListener("click", shut);
    root.addEventListener("keydown", shut);
  }

  function start() {
    let text = null;
    try {
      text = localStorage.getItem(KEY);
    } catch {
      // A browser may refuse its storage.
    }
    const settings = readSettings(text);
    apply(settings);
    for (const holder of document.querySelectorAll(".carelab-reading")) {
      mountSettings(holder, settings);
    }
    mountNotes(document);
    mountMenus(document);
    mountTables(document);
  }

  if (typeof module !== "undefined") module.exports = { hiddenBy, placeInMargin, readSettings };
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
