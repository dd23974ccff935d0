// A guided tour of four steps; it points, and never stands in the way.

import { make, say } from "../kit/dom.js";

const STEPS = ["start", "lever", "read", "keep"];

/** Build the tour; `targets()` gives the element of each step. */
export function buildTour({ speaker, targets }) {
  const { t } = speaker;
  let at = -1;
  let marked = null;
  const open = make("button", { type: "button", class: "carelab-quiet" }, t("lab.tour"));
  const head = make("strong");
  const text = make("p");
  const back = make("button", { type: "button" }, t("lab.tour.back"));
  const next = make("button", { type: "button", class: "carelab-main" });
  const close = make("button", { type: "button" }, t("lab.tour.close"));
  const card = make(
    "div",
    { class: "carelab-tour", role: "group", "aria-label": speaker.name(t("lab.tour")), tabindex: -1 },
    make("div", { "aria-live": "polite" }, head, text),
    make("p", { class: "carelab-row" }, back, next, close),
  );
  card.hidden = true;

  function go(step) {
    marked?.classList.remove("carelab-pointed");
    marked = null;
    at = step;
    card.hidden = step < 0 || step >= STEPS.length;
    if (card.hidden) {
      at = -1;
      open.focus();
      return;
    }
    say(head, t("lab.tour.step", { step: step + 1, of: STEPS.length }));
    say(text, t(`lab.tour.${STEPS[step]}`));
    say(next, t(step === STEPS.length - 1 ? "lab.tour.done" : "lab.tour.next"));
    back.disabled = step === 0;
    marked = targets()[step];
    marked.classList.add("carelab-pointed");
    marked.before(card);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    card.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
    card.focus({ preventScroll: true });
  }
  const onKey = (event) => {
    if (event.key === "Escape") go(-1);
  };
  open.addEventListener("click", () => go(0));
  back.addEventListener("click", () => go(at - 1));
  next.addEventListener("click", () => go(at + 1));
  close.addEventListener("click", () => go(-1));
  card.addEventListener("keydown", onKey);
  return { button: open, card };
}
