// The search of the book: strings in the text of its pages, in any script, titles and terms first.
// A classic script without imports, so that it also runs from file:// and in node's tests.
"use strict";

(() => {
  const MOST_SECTIONS = 3;
  const MOST_OF_A_SECTION = 12;
  const EXCERPT = 200;
  const BEFORE = 60;

  // Signs that look alike, so that a reader need not know which one was printed.
  const ALIKE = { "’": "'", "‘": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-", "−": "-", "\u00a0": " ", "\u202f": " ", "\u3000": " " };

  function foldSign(sign) {
    if (sign in ALIKE) return ALIKE[sign];
    const plain = sign.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    return plain.length === sign.length ? plain : sign.toLowerCase().length === sign.length ? sign.toLowerCase() : sign;
  }

  /** A text for comparing, sign for sign as long as it was. */
  function fold(text) {
    return Array.from(text, foldSign).join("");
  }

  /** The words of a query: parted by space, without the punctuation around them. */
  function wordsOf(query) {
    const edge = /^[\p{P}\s]+|[\p{P}\s]+$/gu;
    const parts = fold(query).split(/\s+/).filter(Boolean);
    const bare = parts.map((each) => each.replace(edge, "")).filter(Boolean);
    return bare.length ? bare : parts;
  }

  /** A word as written, then what it may come from: hospitals, hospital. */
  function formsOf(word) {
    if (/^[a-z]{3,}ies$/.test(word)) return [word, word.slice(0, -3)];
    return /^[a-z]{3,}s$/.test(word) ? [word, word.slice(0, -1)] : [word];
  }

  const LETTER = /[\p{L}\p{N}]/u;
  const CHINESE = /[\u2e80-\u9fff\uf900-\ufaff]/;

  /** Whether what stands at a place is a whole word; Chinese words have no ends to be seen. */
  function isWhole(text, at, length) {
    const cut = (inner, outer) => LETTER.test(outer ?? "") && LETTER.test(inner) && !CHINESE.test(inner) && !CHINESE.test(outer);
    return !cut(text[at], text[at - 1]) && !cut(text[at + length - 1], text[at + length]);
  }

  /** Where one of the forms of a word stands in a text: {at, length}, at most `most` times. */
  function places(text, word, most = 20) {
    for (const form of formsOf(word)) {
      const found = [];
      for (let at = text.indexOf(form); at >= 0 && found.length < most; at = text.indexOf(form, at + form.length)) {
        found.push({ at, length: form.length });
      }
      if (found.length) return found;
    }
    return [];
  }

  // What a title is made of: what stands before a colon, a term in either language.
  const PARTS = /\s*[()（）,;:]\s*|\s+(?=[\u2e80-\u9fff])|(?<=[\u2e80-\u9fff])\s+/;

  /** How well a title answers: all of it, the words in a row, the words anywhere, or not. */
  function titleScore(title, words) {
    const phrase = words.join(" ");
    if (!title) return 0;
    if (title === phrase || title.split(PARTS).includes(phrase)) return 4;
    const at = title.indexOf(phrase);
    if (at >= 0) return isWhole(title, at, phrase.length) ? 3 : 2;
    return words.every((word) => places(title, word, 1).length) ? 1 : 0;
  }

  function bodyScore(text, words) {
    const found = words.map((word) => places(text, word));
    if (found.some((each) => !each.length)) return 0;
    const phrase = words.length > 1 && text.includes(words.join(" ")) ? 30 : 0;
    const whole = found.flat().filter(({ at, length }) => isWhole(text, at, length)).length;
    return phrase + whole * 2 + found.flat().length;
  }

  /** Pages folded once: what a search reads. */
  function prepare(pages) {
    return pages.map((page) => ({
      address: page.address,
      title: page.title,
      folded: fold(page.title),
      sections: page.sections.map(([anchor, title, text, kind]) => ({
        anchor, title, text, kind,
        foldedTitle: fold(title),
        foldedText: fold(text),
      })),
    }));
  }

  function sectionsOf(page, words) {
    return page.sections
      .map((section) => {
        const title = titleScore(section.foldedTitle, words);
        const whole = `${section.foldedTitle} ${section.foldedText}`;
        return { section, title, body: bodyScore(whole, words) };
      })
      .filter(({ title, body }) => title || body);
  }

  /** What answers a query, the best first: {address, title, kind, score, sections}. */
  function search(prepared, query) {
    const words = wordsOf(query);
    if (!words.length) return [];
    const results = [];
    prepared.forEach((page, order) => {
      const found = sectionsOf(page, words);
      for (const { section, title, body } of found.filter((each) => each.section.kind === "term" && each.title)) {
        const address = `${page.address}#${section.anchor}`;
        results.push({ address, title: section.title, kind: "term", order, score: [0, 0.5, 1.5, 2.5, 4.5][title] * 1000 + body, sections: [section] });
      }
      const plain = found.filter((each) => each.section.kind !== "term" || !each.title);
      const title = titleScore(page.folded, words);
      const all = page.sections.map((each) => `${each.foldedTitle} ${each.foldedText}`).join(" ");
      // Words that stand on the page, though no section holds them all.
      const apart = !plain.length && !found.length && words.every((word) => places(all, word, 1).length);
      if (!title && !plain.length && !apart) return;
      const heading = Math.max(0, ...plain.map((each) => each.title));
      // Many sections say more than one long table.
      const body = plain.reduce((sum, each) => sum + Math.min(each.body, MOST_OF_A_SECTION), 0);
      const best = plain.sort((one, other) => other.title - one.title || other.body - one.body).slice(0, MOST_SECTIONS);
      const holding = apart ? page.sections.filter((each) => places(each.foldedText, words[0], 1).length).slice(0, 1) : [];
      results.push({
        address: page.address, title: page.title, kind: "page", order,
        // Below every title and term: headings, then text.
        score: title * 1000 + heading * 100 + Math.min(body, 99) + body / 10_000,
        sections: apart ? holding : best.map((each) => each.section),
      });
    });
    return results.sort((one, other) => other.score - one.score || one.order - other.order);
  }

  /** The part of a text around the first of the words: pieces [text, whether it was looked for]. */
  function excerpt(section, words) {
    const { text, foldedText } = section;
    const all = words.flatMap((word) => places(foldedText, word)).sort((one, other) => one.at - other.at);
    let start = Math.max(0, (all[0]?.at ?? 0) - BEFORE);
    // Begin with a word, not within one.
    if (start > 0) {
      const space = foldedText.slice(start, all[0].at).indexOf(" ");
      if (space >= 0) start += space + 1;
    }
    const end = Math.min(text.length, start + EXCERPT);
    const pieces = [[start > 0 ? "… " : "", false]];
    let at = start;
    for (const each of all) {
      if (each.at < at || each.at + each.length > end) continue;
      pieces.push([text.slice(at, each.at), false], [text.slice(each.at, each.at + each.length), true]);
      at = each.at + each.length;
    }
    pieces.push([text.slice(at, end) + (end < text.length ? " …" : ""), false]);
    return pieces.filter(([piece]) => piece);
  }

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
  }

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function buildExcerpt(section, words) {
    const pieces = excerpt(section, words).map(([text, found]) => (found ? make("mark", {}, text) : text));
    return make("p", { class: "carelab-excerpt" }, ...pieces);
  }

  function buildResult(result, words, t) {
    const item = make("li", {}, make("a", { href: result.address }, result.title));
    if (result.kind === "term") item.append(" ", make("small", {}, t["search.term"]));
    for (const section of result.sections) {
      const inside = result.kind === "page" && section.title && section.title !== result.title;
      if (inside) {
        const address = `${result.address}#${section.anchor}`;
        item.append(make("p", { class: "carelab-found-in" }, make("a", { href: address }, section.title)));
      }
      if (section.text) item.append(buildExcerpt(section, words));
    }
    return item;
  }

  function start() {
    const { words: t, pages } = globalThis.carelabSearch;
    const holder = document.getElementById("search-results");
    const query = (new URLSearchParams(location.search).get("q") ?? "").trim();
    for (const field of document.querySelectorAll("form.bd-search input[name=q]")) field.value = query;
    const status = make("p", { role: "status" });
    const list = make("ol", { class: "search carelab-results" });
    holder.append(status, list);
    const words = wordsOf(query);
    if (!words.length) {
      status.textContent = t["search.ask"];
      return;
    }
    const found = search(prepare(pages), query);
    list.append(...found.map((result) => buildResult(result, words, t)));
    const terms = found.filter(({ kind }) => kind === "term").length;
    const values = { query, terms, pages: found.length - terms };
    status.textContent = fill(t[found.length ? "search.found" : "search.none"], values);
    document.title = `${query} – ${document.title}`;
    holder.dataset.ready = "true";
  }

  if (typeof module !== "undefined") {
    module.exports = { excerpt, fold, prepare, search, wordsOf };
  } else if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else start();
})();
