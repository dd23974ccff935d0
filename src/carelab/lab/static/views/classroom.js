// Large type for projection: the lab alone, in the browser's own dialog, until Escape.

import { make } from "../kit/dom.js";

/** Build the button; the panel moves into a dialog and back to where it was. */
export function buildClassroom({ speaker, panel, redraw }) {
  const { t } = speaker;
  const button = make("button", { type: "button", class: "carelab-quiet", "aria-pressed": "false" }, t("lab.classroom"));
  const place = document.createComment("the lab stands here");
  const stage = make("dialog", { class: "carelab carelab-stage", "aria-label": speaker.name(t("lab.classroom")) });
  const leave = make("button", { type: "button", class: "carelab-leave" }, t("lab.classroom_leave"));
  stage.append(leave);

  const enter = () => {
    panel.before(place, stage);
    stage.append(panel);
    stage.showModal();
    button.setAttribute("aria-pressed", "true");
    redraw();
  };
  const home = () => {
    place.replaceWith(panel);
    stage.remove();
    button.setAttribute("aria-pressed", "false");
    redraw();
    button.focus();
  };
  button.addEventListener("click", () => (stage.open ? stage.close() : enter()));
  leave.addEventListener("click", () => stage.close());
  stage.addEventListener("close", home);
  return {
    button,
    destroy() {
      stage.removeEventListener("close", home);
      stage.remove();
      place.remove();
    },
  };
}
