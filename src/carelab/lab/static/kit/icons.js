// Small pictures of the actors: an actor is never a colour alone.

import { draw } from "./dom.js";

const PATHS = {
  patients: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM4 21c0-4.5 3.2-7 8-7s8 2.5 8 7Z",
  hospital: "M3 11 12 4l9 7v10H3ZM12 11v6M9 14h6",
  primary: "M3 12 12 4l9 8M6 10v11h12V10M12 12.5v5M9.5 15h5",
  insurer: "M12 3 4 6v6c0 5 3.5 7.5 8 9 4.500-1.5 8-4 8-9V6ZM8.5 12l2.500 2.500 4.500-5",
  government: "M3 9 12 4l9 5ZM5 10v8M10 10v8M14 10v8M19 10v8M3 20h18",
  outside: "M4 21V9h6v12M10 21V4h10v17M13 8h4M13 12h4M13 16h4M3 21h18",
};

/** The picture of an actor, in the actor's colour. */
export function actorIcon(actor) {
  return draw(
    "svg",
    { class: `carelab-actor-icon carelab-of-${actor}`, viewBox: "0 0 24 24", width: 18, height: 18, "aria-hidden": "true" },
    draw("path", { d: PATHS[actor] }),
  );
}
