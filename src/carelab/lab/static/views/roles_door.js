// The way into the role game. Most readers never play: a page fetches the game when it is asked for.

import { make, say } from "../kit/dom.js";

/** Build the button and the place of the game; `loadRoles()` promises the game's module. */
export function buildDoor(parts, loadRoles) {
  const { t } = parts.speaker;
  const button = make("button", { type: "button", class: "carelab-quiet", "data-action": "roles" }, t("lab.roles.play"));
  const problem = make("p", { class: "carelab-problem", role: "alert" });
  const element = make("section", { class: "carelab-roles", "aria-label": parts.speaker.name(t("lab.roles.title")) }, problem);
  element.hidden = true;
  let loading = null;
  let game = null;
  let gone = false;

  async function open() {
    try {
      loading ??= loadRoles();
      const { buildRoles } = await loading;
      if (gone) return;
      say(problem, "");
      game ??= buildRoles({ ...parts, button, element });
      game.open();
    } catch (error) {
      // The next press tries again.
      loading = null;
      element.hidden = false;
      say(problem, t("lab.roles.missing", { reason: error.message }));
    }
  }
  button.addEventListener("click", open);
  return {
    button,
    element,
    destroy() {
      gone = true;
      game?.destroy();
      button.removeEventListener("click", open);
    },
  };
}
