// Tabs: one stop of the keyboard, arrows between them; a panel works only while it is open.

import { make } from "./dom.js";

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

/** Build them; each is {key, title, content, work}. `refresh(...state)` works the open one anew. */
export function buildTabs({ label, prefix, tabs }) {
  let open = 0;
  let latest = [];
  const heads = tabs.map(({ key, title }, at) =>
    make(
      "button",
      { type: "button", role: "tab", id: `${prefix}-tab-${key}`, "data-tab": key, "aria-controls": `${prefix}-panel-${key}`, tabindex: at ? -1 : 0, "aria-selected": String(!at) },
      title,
    ),
  );
  const panels = tabs.map(({ key, content }, at) => {
    const panel = make("div", { role: "tabpanel", class: "carelab-tabpanel", id: `${prefix}-panel-${key}`, "aria-labelledby": `${prefix}-tab-${key}` }, ...[content].flat());
    panel.hidden = at > 0;
    return panel;
  });
  const done = tabs.map(() => []);

  function work() {
    const before = done[open];
    if (latest.length && before.length === latest.length && before.every((each, at) => each === latest[at])) return;
    done[open] = latest;
    if (latest.length) tabs[open].work?.();
  }
  function show(at, focus = true) {
    open = at;
    heads.forEach((head, index) => {
      head.setAttribute("aria-selected", String(index === at));
      head.tabIndex = index === at ? 0 : -1;
      panels[index].hidden = index !== at;
    });
    if (focus) heads[at].focus();
    work();
  }
  const onClick = (event) => {
    const at = heads.indexOf(event.target.closest("[role=tab]"));
    if (at >= 0) show(at);
  };
  const onKey = (event) => {
    const step = STEPS[event.key];
    const to = step ? (open + step + tabs.length) % tabs.length : { Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  };
  const row = make("div", { role: "tablist", class: "carelab-tablist", "aria-label": label }, ...heads);
  row.addEventListener("click", onClick);
  row.addEventListener("keydown", onKey);
  return {
    element: make("div", { class: "carelab-tabs" }, row, ...panels),
    heads,
    show: (key, focus) => show(tabs.findIndex((each) => each.key === key), focus),
    refresh(...state) {
      latest = state;
      work();
    },
    destroy() {
      row.removeEventListener("click", onClick);
      row.removeEventListener("keydown", onKey);
    },
  };
}
