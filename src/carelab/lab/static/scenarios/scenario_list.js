// Pinned scenarios: see, name, load, copy, delete; to and from files.

import { make, say } from "../kit/dom.js";
import { fileName, saveFile } from "../kit/downloads.js";
import { exportFile, importFile, LONGEST } from "./scenario_file.js";

// Sentences about one file: more would bury the lab.
const MOST_TOLD = 5;

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** How a pinned scenario is drawn: six looks, then again. */
export function lookOf(index) {
  return `carelab-pin carelab-pin-${(index % 6) + 1}`;
}

/** Build the shelf; `parts` holds speaker, shelf, desk, economy, readText, currentText, answers. */
export function buildScenarioList(parts) {
  const { speaker, shelf, economy } = parts;
  const { t } = speaker;
  const name = make("input", { type: "text", class: "carelab-text", maxlength: LONGEST.name, "aria-label": t("lab.pin_name"), placeholder: t("lab.pin_name") });
  const pin = make("button", { type: "button", class: "carelab-main", "data-action": "pin" }, t("lab.pin"));
  const author = make("input", { type: "text", class: "carelab-text", maxlength: LONGEST.name, "aria-label": t("lab.author"), placeholder: t("lab.author") });
  const save = make("button", { type: "button", "data-action": "export" }, t("lab.export"));
  const file = make("input", { type: "file", accept: ".json,application/json", class: "carelab-file", "aria-label": t("lab.import") });
  const list = make("ul", { class: "carelab-pins" });
  const empty = make("p", { class: "carelab-soft" }, t("lab.no_pins"));
  const problem = make("p", { class: "carelab-problem", role: "alert" });
  const store = make("p", { class: "carelab-problem carelab-store", role: "status" });
  const spoken = make("span", { class: "carelab-spoken", "aria-live": "polite" });
  const back = make("button", { type: "button", class: "carelab-small" }, t("lab.undo"));
  back.hidden = true;
  let lost = null;
  const element = make(
    "div",
    { class: "carelab-shelf" },
    make("p", { class: "carelab-row" }, name, pin),
    empty,
    list,
    make("p", { class: "carelab-row" }, spoken, back),
    make("p", { class: "carelab-row" }, author, save, make("label", { class: "carelab-filelabel" }, t("lab.import"), " ", file)),
    problem,
    store,
  );
  const apart = { waiting: "own", old: "old", unread: "unread" };
  /** What is kept and cannot be shown, and what is shown and not kept. */
  const tellStore = () => {
    const told = Object.keys(apart).filter((kind) => shelf[kind]());
    const texts = told.map((kind) => t(`lab.${apart[kind]}_pins`, { count: shelf[kind]() }));
    say(store, [...texts, ...(shelf.kept() ? [] : [t("lab.not_kept")])].join(" "));
  };

  /** Say what was done here, where the reader looks; what was deleted can come back. */
  const tell = (text, before = null) => {
    say(spoken, text);
    lost = before;
    back.hidden = !lost;
  };
  const onBack = () => {
    shelf.restore(lost);
    tell("");
    name.focus();
  };
  const onDelete = (item) => {
    tell(t("lab.deleted", { name: item.name }), shelf.remove(item.id));
  };
  const onPin = () => {
    const { context, preset } = parts.desk.current();
    const usual = `${t(`place.${context}.name`)}, ${parts.presetLabel(preset)}`;
    const item = shelf.add(name.value.trim() || `${usual} ${shelf.items().length + 1}`, parts.currentText());
    name.value = "";
    const told = t("lab.pinned", { name: item.name });
    tell(told);
    return told;
  };
  const onSave = () => {
    const all = shelf.items();
    const scenarios = all.length ? all : [{ name: t("lab.current"), note: "", text: parts.currentText() }];
    const content = exportFile(economy.version, scenarios, parts.predictions(), [], author.value.trim());
    saveFile(fileName(`carelab ${author.value.trim()}`, "json"), content, "application/json");
  };
  const onFile = async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    const found = importFile(bytes, { name: chosen.name.slice(0, 60), model: economy.version, readText: parts.readText, t });
    file.value = "";
    if (found.problem) {
      say(problem, sentence(t("lab.file_unchanged", { problem: found.problem })));
      return;
    }
    if (found.scenarios.length) shelf.addAll(found.scenarios.map((each) => ({ ...each, name: each.name || t("lab.current") })));
    const counts = { count: found.scenarios.length, refused: found.refused };
    const told = found.told.slice(0, MOST_TOLD).map((each) => sentence(`${each}.`));
    if (found.told.length > MOST_TOLD) told.push("…");
    say(problem, found.told.length ? [t("lab.file_partly", counts), ...told].join(" ") : "");
    tell(t("lab.imported", counts));
  };
  const listened = [[pin, "click", onPin], [save, "click", onSave], [file, "change", onFile], [back, "click", onBack]];
  for (const [control, event, listener] of listened) control.addEventListener(event, listener);

  function refresh() {
    const items = shelf.items();
    tellStore();
    empty.hidden = items.length > 0;
    const rows = items.map((item, index) => buildRow(item, index, parts, onDelete));
    const held = focusIn(list);
    list.replaceChildren(...rows);
    if (held) (controlsOf(rows[Math.min(held.row, rows.length - 1)])[held.control] ?? name).focus();
  }
  const cleanups = [shelf.listen(refresh), shelf.follow()];
  refresh();
  return {
    element,
    pin: onPin,
    destroy() {
      for (const cleanup of cleanups) cleanup();
      for (const [control, event, listener] of listened) control.removeEventListener(event, listener);
    },
  };
}

function controlsOf(row) {
  return row ? [...row.querySelectorAll("input, button")] : [];
}

/** Which control of which row has the focus: rows are made anew, and the focus stays in its place. */
function focusIn(list) {
  const row = [...list.children].findIndex((each) => each.contains(document.activeElement));
  return row < 0 ? null : { row, control: controlsOf(list.children[row]).indexOf(document.activeElement) };
}

function buildRow(item, index, parts, onDelete) {
  const { speaker, shelf } = parts;
  const { t } = speaker;
  const shown = make("input", { type: "checkbox", "aria-label": t("lab.show_pin", { name: item.name }) });
  shown.checked = item.shown;
  shown.addEventListener("change", () => shelf.show(item.id, shown.checked));
  const title = make("input", { type: "text", class: "carelab-text", maxlength: LONGEST.name, value: item.name, "aria-label": t("lab.rename", { name: item.name }) });
  title.addEventListener("change", () => shelf.rename(item.id, title.value.trim() || item.name));
  const act = (key, action) => {
    const button = make("button", { type: "button", class: "carelab-small", "aria-label": t(`lab.${key}_pin`, { name: item.name }) }, t(`lab.${key}`));
    button.addEventListener("click", action);
    return button;
  };
  return make(
    "li",
    { class: lookOf(index) },
    shown,
    make("span", { class: "carelab-swatch", "aria-hidden": "true" }),
    title,
    act("load", () => parts.desk.take(parts.readText(item.text).scenario)),
    act("duplicate", () => shelf.add(t("lab.copy_of", { name: item.name }), item.text, item.note)),
    act("delete", () => onDelete(item)),
  );
}
