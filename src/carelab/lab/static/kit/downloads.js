// Files that a reader takes along: CSV, SVG, PNG, JSON. Nothing leaves the device.

import { draw, make } from "./dom.js";

const DRAWN = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap",
  "stroke-opacity", "stroke-linejoin", "paint-order",
  "opacity", "font-family", "font-size", "font-weight", "text-anchor"];

/** Rows as CSV; a cell that a spreadsheet would take for a formula gets an apostrophe. */
export function csvText(rows) {
  const cell = (value) => {
    let text = value === null || value === undefined ? "" : String(value);
    if (/^[=+@\t\r]/.test(text) || (/^-/.test(text) && !Number.isFinite(Number(text)))) {
      text = `'${text}`;
    }
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  // The mark lets spreadsheets read Chinese.
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

/** A name that every system takes for a file. */
export function fileName(text, ending) {
  const stem = text.normalize("NFKC").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "");
  return `${stem.slice(0, 60) || "carelab"}.${ending}`;
}

/** Hand a file to the browser. */
export function saveFile(name, content, type) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const address = URL.createObjectURL(blob);
  const link = make("a", { href: address, download: name });
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
  // A slow machine may still be asking where to keep the file.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

const LINE = 18;
const LEAST_WIDTH = 640;

/** Text on one line of a drawing, as small as it must be to fit. */
function fitted(text, x, y, width, looks) {
  const ems = [...text].reduce((sum, each) => sum + (each > "\u2e80" ? 1 : 0.58), 0);
  const size = Math.min(13, (width - x - 4) / ems).toFixed(1);
  return draw("text", { x, y, style: `${looks};font-size:${size}px` }, text);
}

/** What stands beside the drawing on the page: its title above, below it what each line is. */
function captioned(copy, svg, title) {
  const { width, height } = svg.viewBox.baseVal;
  const looks = getComputedStyle(svg.closest(".carelab-panel") ?? svg);
  const text = `fill:${looks.color};font-family:${looks.fontFamily}`;
  const lines = [...svg.querySelectorAll("[data-label]")].reverse();
  const drawn = lines.flatMap((line, index) => {
    const y = height + LINE * (index + 0.5);
    const sample = draw("path", { d: `M4 ${y}h24`, style: looksOf(line) });
    return [sample, fitted(line.dataset.label, 36, y + 4, width, text)];
  });
  copy.append(fitted(title, 4, -8, width, `${text};font-weight:600`), ...drawn);
  const whole = height + 2 * LINE + LINE * lines.length;
  copy.setAttribute("viewBox", `0 ${-1.5 * LINE} ${width} ${whole}`);
  return { width, height: whole };
}

function looksOf(element) {
  const looks = getComputedStyle(element);
  return DRAWN.map((name) => `${name}:${looks.getPropertyValue(name)}`).join(";");
}

/** The drawing with its looks written into it, so that it stands alone. */
export function standaloneSvg(svg, title) {
  const copy = svg.cloneNode(true);
  const originals = [svg, ...svg.querySelectorAll("*")];
  const copies = [copy, ...copy.querySelectorAll("*")];
  copies.forEach((element, index) => {
    element.setAttribute("style", looksOf(originals[index]));
    element.removeAttribute("class");
  });
  const box = captioned(copy, svg, title);
  const zoom = Math.max(1, LEAST_WIDTH / box.width);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", Math.round(box.width * zoom));
  copy.setAttribute("height", Math.round(box.height * zoom));
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const frame = svg.closest(".carelab-panel") ?? svg;
  paper.setAttribute("y", -1.5 * LINE);
  paper.setAttribute("width", "100%");
  paper.setAttribute("height", "100%");
  paper.setAttribute("fill", getComputedStyle(frame).backgroundColor);
  copy.prepend(paper);
  copy.setAttribute("aria-label", title);
  return new XMLSerializer().serializeToString(copy);
}

/** The same as pixels, twice as fine as the screen. */
export async function pngOf(svg, title) {
  const address = URL.createObjectURL(new Blob([standaloneSvg(svg, title)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = make("canvas", { width: image.width * 2, height: image.height * 2 });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Put text on the clipboard; where the browser refuses, the reader gets it to copy by hand. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
