// A self-check: choosing an answer shows its explanation; the score counts first tries.
// A classic script without imports, so that it also runs from file:// and in node's tests.
"use strict";

(() => {
  const PREFIX = "carelab-selfcheck:";

  /** Put values into the placeholders of a text. */
  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
  }

  /** Answers as stored, or none: one entry a question, `first` and `now` being option numbers. */
  function readAnswers(stored, sizes) {
    const empty = sizes.map(() => null);
    if (!Array.isArray(stored) || stored.length !== sizes.length) return empty;
    const sound = (value, size) => Number.isInteger(value) && value >= 0 && value < size;
    return stored.map((each, index) =>
      each && sound(each.first, sizes[index]) && sound(each.now, sizes[index])
        ? { first: each.first, now: each.now }
        : null,
    );
  }

  /** What two windows answered. What the store did not keep, this window knows better. */
  function merge(mine, stored, kept) {
    return mine.map((each, index) => (kept ? (stored[index] ?? each) : (each ?? stored[index])));
  }

  /** The answers after an option was chosen: the first try stays. */
  function choose(answers, question, option) {
    return answers.map((each, index) =>
      index === question ? { first: each ? each.first : option, now: option } : each,
    );
  }

  /** How many questions were answered, and how many of them right at the first try. */
  function score(answers, right) {
    const given = answers.map((each, index) => each && each.first === right[index]);
    return {
      answered: answers.filter(Boolean).length,
      first: given.filter(Boolean).length,
      total: answers.length,
    };
  }

  /**
   * Storage that never throws; `keep` says whether the browser kept it, `watch` hears what another
   * window of the browser keeps under the same name.
   */
  function openStorage(find) {
    return {
      read(key) {
        try {
          return JSON.parse(find().getItem(PREFIX + key));
        } catch {
          return null;
        }
      },
      keep(key, value) {
        try {
          if (value === null) find().removeItem(PREFIX + key);
          else find().setItem(PREFIX + key, JSON.stringify(value));
          return true;
        } catch {
          return false;
        }
      },
      watch(key, listener) {
        // A name of null: the whole store was emptied.
        window.addEventListener("storage", (event) => {
          if (event.key === PREFIX + key || event.key === null) listener();
        });
      },
    };
  }

  function make(tag, name, text = "") {
    const element = document.createElement(tag);
    element.className = name;
    element.textContent = text;
    return element;
  }

  /** One question: shows what belongs to the option chosen. */
  function mountQuestion(fieldset, words) {
    const said = fieldset.querySelector(".carelab-check-said");
    const options = [...fieldset.querySelectorAll(".carelab-check-option")].map((holder) => ({
      holder,
      label: holder.querySelector("label"),
      radio: holder.querySelector("input"),
      details: holder.querySelector("details"),
      because: holder.querySelector(".carelab-check-because"),
    }));
    // The explanation is moved, not copied: the marks in it carry ids.
    const putBack = () => options.forEach(({ details, because }) => details.append(because));
    return {
      radios: options.map(({ radio }) => radio),
      right: options.findIndex(({ holder }) => holder.dataset.right === "true"),
      putBack,
      show(chosen) {
        putBack();
        options.forEach(({ holder, label, radio }, index) => {
          radio.checked = index === chosen;
          if (index === chosen) {
            label.dataset.chosen = holder.dataset.right === "true" ? words.right : words.not_yet;
          } else delete label.dataset.chosen;
        });
        if (chosen !== null) said.append(options[chosen].because);
      },
    };
  }

  function mountCheck(section, storage) {
    const words = JSON.parse(section.dataset.words);
    const key = section.dataset.check;
    const questions = [...section.querySelectorAll("fieldset")].map((each) =>
      mountQuestion(each, words),
    );
    const right = questions.map((each) => each.right);
    const sizes = questions.map((each) => each.radios.length);
    const stored = () => readAnswers(storage.read(key), sizes);
    let answers = stored();
    let wasKept = true;
    const end = section.querySelector(".carelab-check-end");
    const told = make("p", "carelab-check-score");
    const kept = make("p", "carelab-check-kept");
    const again = make("button", "carelab-check-again", words.again);
    told.setAttribute("role", "status");
    again.type = "button";
    end.append(told, kept, again);

    function draw() {
      const found = score(answers, right);
      told.textContent = found.answered ? fill(words.score, found) : "";
      kept.textContent = wasKept ? words.kept : words.not_kept;
      kept.hidden = !found.answered;
      again.hidden = !found.answered;
    }

    const showAll = () =>
      questions.forEach((each, index) => each.show(answers[index] ? answers[index].now : null));

    questions.forEach((each, question) => {
      each.radios.forEach((radio, option) => {
        radio.addEventListener("change", () => {
          answers = choose(merge(answers, stored(), wasKept), question, option);
          wasKept = storage.keep(key, answers);
          showAll();
          draw();
        });
      });
    });
    again.addEventListener("click", () => {
      answers = answers.map(() => null);
      wasKept = storage.keep(key, null);
      showAll();
      draw();
      told.textContent = words.cleared;
      questions[0].radios[0].focus();
    });
    // Another window answered, or began again.
    storage.watch(key, () => {
      answers = wasKept ? stored() : merge(answers, stored(), false);
      showAll();
      draw();
    });
    // On paper every explanation stands below its option.
    window.addEventListener("beforeprint", () => questions.forEach((each) => each.putBack()));
    window.addEventListener("afterprint", showAll);
    showAll();
    draw();
    section.dataset.ready = "true";
  }

  function start() {
    const storage = openStorage(() => window.localStorage);
    for (const section of document.querySelectorAll("[data-check]")) mountCheck(section, storage);
  }

  if (typeof module !== "undefined") {
    module.exports = { choose, fill, merge, openStorage, readAnswers, score };
  } else if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else start();
})();
