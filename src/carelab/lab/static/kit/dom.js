// Build page elements without ever parsing text as markup.

const SVG = "http://www.w3.org/2000/svg";

/** Make an HTML element: attributes, then children (elements or text). */
export function make(tag, attributes = {}, ...children) {
  const element = dress(document.createElement(tag), attributes, children);
  // Who goes back to the page must not find fields filled in with what the lab no longer computes.
  if ("autocomplete" in element) element.autocomplete = "off";
  return element;
}

/** Make an SVG element. */
export function draw(tag, attributes = {}, ...children) {
  return dress(document.createElementNS(SVG, tag), attributes, children);
}

function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/** Set attributes only where they changed: a redraw that changes nothing costs nothing. */
export function update(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    const text = String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

/** Set text only where it changed, so that a live region speaks only of news. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

let labs = 0;

/** A number and a prefix for ids that no other lab on the page has. */
export function freshLab() {
  labs += 1;
  return { number: labs, prefix: `carelab-${labs}-${Math.random().toString(36).slice(2, 7)}` };
}

/** A part that is out of the way until it is asked for. */
export function fold(title, content, name = "") {
  return make("details", { class: `carelab-fold ${name}` }, make("summary", {}, title), content);
}

/** Tell the styles how tall an element is, so that its end can stay in sight. */
export function tellHeight(element) {
  const observer = new ResizeObserver(() => element.style.setProperty("--carelab-tall", `${element.offsetHeight}px`));
  observer.observe(element);
  return () => observer.disconnect();
}

// What a reader does before whom a page no longer moves by itself.
const DEEDS = ["wheel", "touchstart", "pointerdown", "keydown"];

/**
 * Bring an element to the top of the window and keep it there while the page above it settles: not
 * every browser holds what it shows. Once the reader does anything, the page is theirs.
 */
export function arriveAt(element) {
  const align = () => element.scrollIntoView();
  const observer = new ResizeObserver(align);
  const leave = () => {
    observer.disconnect();
    for (const deed of DEEDS) window.removeEventListener(deed, leave);
  };
  for (const deed of DEEDS) window.addEventListener(deed, leave, { passive: true });
  observer.observe(document.documentElement);
  observer.observe(document.body);
  align();
  return leave;
}

/** Redraw when the column changes its width, as on turning a phone. */
export function watchWidth(element, redraw) {
  let width = element.clientWidth;
  const observer = new ResizeObserver(() => {
    if (element.clientWidth === width) return;
    width = element.clientWidth;
    redraw();
  });
  observer.observe(element);
  return () => observer.disconnect();
}
