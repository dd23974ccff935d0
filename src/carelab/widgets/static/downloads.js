// Files that a reader takes along: CSV, SVG, PNG, JSON. Nothing leaves the device.

import { make } from "./dom.js";

const DRAWN = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap",
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

/** The drawing with its looks written into it, so that it stands alone. */
export function standaloneSvg(svg, title = "") {
  const copy = svg.cloneNode(true);
  const originals = [svg, ...svg.querySelectorAll("*")];
  const copies = [copy, ...copy.querySelectorAll("*")];
  copies.forEach((element, index) => {
    const looks = getComputedStyle(originals[index]);
    const text = DRAWN.map((name) => `${name}:${looks.getPropertyValue(name)}`).join(";");
    element.setAttribute("style", text);
    element.removeAttribute("class");
  });
  const box = svg.viewBox.baseVal;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", box.width);
  copy.setAttribute("height", box.height);
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const frame = svg.closest(".carelab-panel") ?? svg;
  paper.setAttribute("width", "100%");
  paper.setAttribute("height", "100%");
  paper.setAttribute("fill", getComputedStyle(frame).backgroundColor);
  copy.prepend(paper);
  if (title) copy.setAttribute("aria-label", title);
  return new XMLSerializer().serializeToString(copy);
}

/** The same as pixels, twice as fine as the screen. */
export async function pngOf(svg) {
  const { width, height } = svg.viewBox.baseVal;
  const address = URL.createObjectURL(new Blob([standaloneSvg(svg)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = make("canvas", { width: Math.round(width * 2), height: Math.round(height * 2) });
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
