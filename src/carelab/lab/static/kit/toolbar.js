// Undo, redo, replay, reset: the same for every lab.

import { make, say } from "./dom.js";

const REPLAY_MS = 900;

/** Build the row of buttons that go back and forth in what was set. */
export function buildToolbar({ speaker, desk, spoken, apart = false }) {
  const { t } = speaker;
  const button = (key, action) => {
    const element = make("button", { type: "button", "data-action": key }, t(`lab.${key}`));
    element.addEventListener("click", action);
    return element;
  };
  let replaying = 0;
  const replay = () => {
    if (!desk.undo()) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    say(spoken, t("lab.replaying"));
    replaying = setTimeout(() => desk.redo(), still ? REPLAY_MS / 3 : REPLAY_MS);
  };
  const undo = button("undo", () => desk.undo());
  const redo = button("redo", () => desk.redo());
  const again = button("replay", replay);
  const reset = button("reset_all", () => desk.reset());
  const element = make(
    "div",
    { class: "carelab-toolbar", role: "group", "aria-label": speaker.name(t("lab.history")) },
    undo,
    redo,
    ...(apart ? [] : [again, reset]),
  );
  return {
    element,
    /** With `apart`, replay and reset stand elsewhere. */
    rest: [again, reset],
    refresh() {
      // Not `disabled`: a button that vanishes from the keyboard while it has the focus loses it.
      for (const [each, able] of [[undo, desk.canUndo()], [again, desk.canUndo()], [redo, desk.canRedo()]]) {
        each.setAttribute("aria-disabled", String(!able));
      }
    },
    destroy: () => clearTimeout(replaying),
  };
}
