// The year that is shown, and a button that plays through all of them.

import { make, say } from "../kit/dom.js";

const STEP_MS = 500;

export function buildYear({ config, speaker, gaze, prefix }) {
  const { t } = speaker;
  const id = `${prefix}-year`;
  const input = make("input", { type: "range", id, min: 1, max: config.years, step: 1, value: gaze.current().year });
  const output = make("output", { for: id });
  const play = make("button", { type: "button", class: "carelab-play", "data-action": "play" });
  let ticking = 0;

  function stop() {
    clearInterval(ticking);
    ticking = 0;
    tell();
  }
  function tell() {
    const { year } = gaze.current();
    if (Number(input.value) !== year) input.value = year;
    say(output, t("lab.year_of", { year, years: config.years }));
    const name = t(ticking ? "lab.pause" : "lab.play", { years: config.years });
    play.setAttribute("aria-label", name);
    play.title = name;
    say(play, ticking ? "❚❚" : "▶");
  }
  const onInput = () => {
    if (ticking) stop();
    gaze.look({ year: Number(input.value) });
  };
  const onPlay = () => {
    if (ticking) return stop();
    const { year } = gaze.current();
    if (year >= config.years) gaze.look({ year: 1 });
    ticking = setInterval(() => {
      const next = gaze.current().year + 1;
      gaze.look({ year: next });
      if (next >= config.years) stop();
    }, STEP_MS);
    return tell();
  };
  input.addEventListener("input", onInput);
  play.addEventListener("click", onPlay);
  const still = gaze.listen(tell);
  tell();
  return {
    element: make("div", { class: "carelab-year" }, make("label", { for: id, class: "carelab-unseen" }, t("lab.year_shown")), output, play, input),
    destroy() {
      clearInterval(ticking);
      still();
      input.removeEventListener("input", onInput);
      play.removeEventListener("click", onPlay);
    },
  };
}
