// A card for each role: who it is, and what is told of it.

import { make } from "../kit/dom.js";
import { actorIcon } from "../kit/icons.js";
import { roleName } from "./turn.js";

/** Cards of some roles; `told(role)` lists what stands on each, by default who it is. */
export function buildCards(roles, context, speaker, told = (role) => [make("p", {}, speaker.t(`lab.roles.card_${role}`))]) {
  const card = (role) => make("li", { "data-role": role }, make("strong", {}, actorIcon(role), roleName(role, context, speaker)), ...told(role));
  return make("ul", { class: "carelab-role-cards" }, ...roles.map(card));
}
