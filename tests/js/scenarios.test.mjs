// What a student sets, plays and hands on: the desk, the text and the file of a scenario, the game.

import assert from "node:assert/strict";
import { test } from "node:test";

const folder = "../../src/carelab/lab/static/";
const { changedLevers, createDesk, same } = await import(`${folder}scenarios/desk.js`);
const { linkHash, pythonCell, readScenario, scenarioText, stripped, textFromHash } = await import(`${folder}scenarios/scenario_text.js`);
const { LONGEST, exportFile, importFile } = await import(`${folder}scenarios/scenario_file.js`);
const { NOTHING, analystRequest, createGame, discussion, gains, gameRows, measurePayoffs, movedLevers, readAnswer, total } =
  await import(`${folder}roles/game.js`);

const economy = {
  version: "2",
  levers: ["share", "bodies"],
  places: { here: {}, there: {} },
  presets: { plain: { share: 0, bodies: 1 }, rich: { share: 0.5, bodies: 3 } },
};
const ranges = {
  share: { label: "Share", low: 0, high: 1, step: 0.05 },
  bodies: { label: "Bodies", low: 1, high: 9, step: 2 },
};
const opening = { context: "here", preset: "plain", levers: { share: 0, bodies: 1 } };

// --- the desk -----------------------------------------------------------------------------------

const desk = () => createDesk(opening, economy, ranges, (run) => run());

test("levers are set inside their range and on their step; only what moves is a change", () => {
  const one = desk();
  assert.equal(one.assign({ share: 2, bodies: 4.2, weather: 1 }), true);
  assert.deepEqual(one.values(), { share: 1, bodies: 5 });
  assert.equal(one.assign({ share: 1 }), false);
  assert.equal(one.assign({ share: Infinity, bodies: NaN, toString: 1 }), false);
  assert.deepEqual(one.current(), { context: "here", preset: "plain", levers: { share: 1, bodies: 5 } });
  one.values().share = 9;
  assert.equal(one.values().share, 1);
});

test("what is handed in or out is never changed afterwards", () => {
  const given = { context: "here", preset: "plain", levers: { share: 0.25, bodies: 1 } };
  const one = createDesk(given, economy, ranges, (run) => run());
  given.levers.share = 1;
  assert.equal(one.values().share, 0.25);
  const taken = { context: "there", preset: "rich", levers: { share: 0.5, bodies: 3 } };
  assert.equal(one.take(taken), true);
  taken.levers.share = 0;
  assert.equal(one.values().share, 0.5);
  assert.equal(one.take(one.current()), false);
  one.assign({ share: 0.75 });
  assert.equal(economy.presets.rich.share, 0.5);
});

test("a gesture is one step, and a new gesture forgets what was ahead", () => {
  const one = desk();
  assert.deepEqual([one.canUndo(), one.canRedo(), one.before()], [false, false, null]);
  one.assign({ share: 0.25 });
  one.assign({ share: 0.5 });
  assert.equal(one.before().levers.share, 0);
  one.settle();
  one.assign({ share: 0.75 });
  assert.equal(one.before().levers.share, 0.5);
  assert.equal(one.undo(), true);
  assert.deepEqual([one.values().share, one.canUndo(), one.canRedo()], [0.5, true, true]);
  assert.equal(one.redo(), true);
  assert.deepEqual([one.values().share, one.canRedo()], [0.75, false]);
  one.undo();
  // A step back ended the gesture: what follows is a step of its own.
  one.assign({ bodies: 3 });
  assert.deepEqual([one.canRedo(), one.redo()], [false, false]);
  one.undo();
  assert.deepEqual(one.values(), { share: 0.5, bodies: 1 });
  one.undo();
  assert.deepEqual([one.values().share, one.undo(), one.canUndo()], [0, false, false]);
});

test("two hundred steps are kept", () => {
  const one = desk();
  for (let at = 1; at <= 250; at += 1) {
    one.assign({ share: at / 250 });
    one.settle();
  }
  let back = 0;
  while (back < 999 && one.undo()) back += 1;
  assert.equal(back, 200);
  assert.ok(Math.abs(one.values().share - 50 / 250) < 1e-12);
});

test("a preset, a place, one lever or all are steps of their own, also within a gesture", () => {
  const one = desk();
  one.assign({ share: 0.25 });
  one.preset("rich");
  assert.deepEqual(one.current(), { context: "here", preset: "rich", levers: { share: 0.5, bodies: 3 } });
  one.assign({ bodies: 9 });
  one.place("there");
  assert.deepEqual(one.current(), { context: "there", preset: "rich", levers: { share: 0.5, bodies: 9 } });
  assert.equal(one.reset("bodies"), true);
  assert.deepEqual(one.values(), { share: 0.5, bodies: 3 });
  assert.equal(one.reset("bodies"), false);
  one.assign({ share: 1 });
  assert.equal(one.reset(), true);
  assert.deepEqual(one.current(), opening);
  const seen = [];
  while (seen.length < 99 && one.undo()) seen.push([one.current().context, one.values().share, one.values().bodies]);
  assert.deepEqual(seen, [["there", 1, 3], ["there", 0.5, 3], ["there", 0.5, 9], ["here", 0.5, 9], ["here", 0.5, 3], ["here", 0.25, 1], ["here", 0, 1]]);
});

test("who listens hears of every kind of change, once a frame, until he or she stops", () => {
  let frames = [];
  const one = createDesk(opening, economy, ranges, (run) => frames.push(run));
  const draw = () => { const due = frames; frames = []; due.forEach((run) => run()); return due.length; };
  const heard = [];
  const stop = one.listen(({ levers }) => heard.push(levers.share));
  one.assign({ share: 0.25 });
  one.assign({ share: 0.5 });
  assert.equal(draw(), 1);
  one.assign({ share: 0.5 });
  assert.equal(draw(), 0);
  one.undo();
  assert.equal(draw(), 1);
  one.redo();
  assert.equal(draw(), 1);
  assert.deepEqual(heard, [0.5, 0, 0.5]);
  stop();
  one.reset();
  draw();
  assert.equal(heard.length, 3);
});

test("two scenarios are the same in place, preset and every lever", () => {
  assert.ok(same(opening, { ...opening, levers: { ...opening.levers } }));
  assert.ok(!same(opening, { ...opening, context: "there" }));
  assert.ok(!same(opening, { ...opening, preset: "rich" }));
  assert.ok(!same(opening, { ...opening, levers: { share: 0, bodies: 3 } }));
  assert.ok(!same(opening, { ...opening, levers: { share: 0.1, bodies: 1 } }));
  assert.deepEqual(changedLevers({ a: 1, b: 2, c: 3 }, { a: 0, b: 2, c: 4 }, ["c", "b", "a"]), ["c", "a"]);
});

// --- the text -----------------------------------------------------------------------------------

const read = (text) => readScenario(text, economy, ranges);

test("a text names version, place, preset and what differs, to ten digits", () => {
  const text = (levers) => scenarioText({ context: "there", preset: "rich", levers }, economy);
  assert.equal(text({ share: 0.5, bodies: 3 }), "carelab/2/there/rich");
  assert.equal(text({ share: 1 / 3, bodies: 3 }), "carelab/2/there/rich/share=0.3333333333");
  assert.equal(text({ share: 1, bodies: 9 }), "carelab/2/there/rich/share=1;bodies=9");
});

test("a text is read with the space around it taken off and settings in any order", () => {
  const rich = { context: "there", preset: "rich", levers: { share: 0.5, bodies: 3 } };
  const texts = ["carelab/2/there/rich", "carelab/2/there/rich/", " \t\r\n\u00a0\u3000carelab/2/there/rich/;;\u3000 "];
  for (const text of texts) assert.deepEqual(read(text), { scenario: rich }, text);
  assert.deepEqual(read("carelab/2/there/rich/bodies=5;share=.25;share=+1e-1").scenario.levers, { share: 0.1, bodies: 5 });
  for (const value of ["1", "1.", ".5", ".25", "+0.55", "5E-1", "0", "00.5", "10e-1", "5e-01", "0.1e+1"]) assert.ok(read(`carelab/2/here/plain/share=${value}`).scenario, value);
  assert.equal(economy.presets.rich.share, 0.5);
  assert.equal(stripped(" a b\n"), "a b");
});

test("a text that is no scenario is refused with what was read of it", () => {
  const long = "x".repeat(50);
  const refused = {
    "": ["form", { text: "" }],
    [`other/2/here/plain/${long}`]: ["form", { text: `other/2/here/plain/${long}`.slice(0, 40) }],
    "carelab/2/here": ["form", { text: "carelab/2/here" }],
    "carelab/2/here/plain/share=1/more": ["form", { text: "carelab/2/here/plain/share=1/more" }],
    "carelab/123456789012/here/plain": ["version", { version: "1234567890", ours: "2" }],
    [`carelab/2/${long}/plain`]: ["place", { name: long.slice(0, 40) }],
    [`carelab/2/here/${long}`]: ["preset", { name: long.slice(0, 40) }],
    "carelab/2/valueOf/plain": ["place", { name: "valueOf" }],
    "carelab/2/here/valueOf": ["preset", { name: "valueOf" }],
    [`carelab/2/here/plain/${long}=1`]: ["lever", { name: long.slice(0, 40) }],
    "carelab/2/here/plain/valueOf=1": ["lever", { name: "valueOf" }],
    [`carelab/2/here/plain/share=${long}`]: ["value", { name: "Share", value: long.slice(0, 20), low: 0, high: 1, step: 0.05 }],
    "carelab/2/here/plain/share": ["value", { name: "Share", value: "", low: 0, high: 1, step: 0.05 }],
    "carelab/2/here/plain/share=1.01": ["value", { name: "Share", value: "1.01", low: 0, high: 1, step: 0.05 }],
    "carelab/2/here/plain/share=1=1": ["value", { name: "Share", value: "1=1", low: 0, high: 1, step: 0.05 }],
    "carelab/2/here/plain/bodies=2": ["step", { name: "Bodies", value: "2", low: 1, high: 9, step: 2 }],
    "carelab/2/here/plain/bodies=11;share=1": ["step", { name: "Bodies", value: "11", low: 1, high: 9, step: 2 }],
  };
  for (const [text, [problem, values]] of Object.entries(refused)) assert.deepEqual(read(text), { problem, values }, text);
  for (const value of ["", " 1", "e1", "1e", "--1", "0x1", "Infinity", "1,0", "1.2.3", ".", "1e1x"]) {
    assert.equal(read(`carelab/2/here/plain/share=${value}`).problem, "value", `"${value}"`);
  }
});

test("the address of a lab holds its number, the first none, and the text with its slashes", () => {
  assert.equal(linkHash(1, "a/b c;d=1"), "#lab=a/b%20c%3Bd%3D1");
  assert.equal(linkHash(3, "a"), "#lab3=a");
  assert.equal(textFromHash("#lab=a/b%20c", 1), "a/b c");
  assert.equal(textFromHash("#lab1=a", 1), "a");
  assert.equal(textFromHash("#lab=a", 2), null);
  assert.equal(textFromHash("#lab12=a=b", 12), "a=b");
  assert.equal(textFromHash("#labs=a", 1), null);
  assert.equal(textFromHash("x#lab=a", 1), null);
  assert.equal(textFromHash("", 1), null);
  assert.equal(textFromHash("#lab=%", 1), "%");
});

test("the cell for a notebook runs as it stands", () => {
  const cell = (levers, outcomes) => pythonCell({ context: "here", preset: "plain", levers }, economy, outcomes, 5);
  assert.equal(cell({ share: 0, bodies: 1 }, ["reach"]), [
    "from carelab.engine import Scenario, yearly_outcomes", "",
    'scenario = Scenario("here", "plain")',
    'yearly_outcomes(scenario, ["reach"], years=5)', "",
  ].join("\n"));
  assert.equal(cell({ share: 1 / 3, bodies: 3 }, ["reach", "cost"]), [
    "from carelab.engine import Scenario, yearly_outcomes", "",
    'scenario = Scenario("here", "plain", {',
    '    "share": 0.3333333333,',
    '    "bodies": 3,',
    "})",
    'yearly_outcomes(scenario, ["reach", "cost"], years=5)', "",
  ].join("\n"));
});

// --- the file -----------------------------------------------------------------------------------

const t = (key, values = {}) => [key, ...Object.entries(values).map(([name, value]) => `${name}=${value}`)].join(" ");
const bytes = (text) => new TextEncoder().encode(text);
const load = (content) =>
  importFile(content instanceof Uint8Array ? content : bytes(typeof content === "string" ? content : JSON.stringify(content)), {
    name: "a.json", model: "2", readText: read, t,
  });
const file = (scenarios, more = {}) => ({ format: "carelab-scenarios", version: 1, model_version: "2", scenarios, ...more });
const sound = { name: "One", note: "why", author: "Li", text: "carelab/2/here/plain" };

test("a file holds each scenario with its author, and what was predicted and answered", () => {
  const written = exportFile("2", [{ name: "One", note: "why", text: "t", shown: true }], [{ p: 1 }], ["a"], "Li");
  assert.deepEqual(JSON.parse(written), {
    format: "carelab-scenarios", version: 1, model_version: "2",
    scenarios: [{ name: "One", note: "why", author: "Li", text: "t" }], predictions: [{ p: 1 }], answers: ["a"],
  });
  assert.ok(written.startsWith('{\n  "format"'));
  assert.deepEqual(JSON.parse(exportFile("2", [])), { format: "carelab-scenarios", version: 1, model_version: "2", scenarios: [], predictions: [], answers: [] });
  assert.equal(JSON.parse(exportFile("2", [{ name: "One", note: "", text: "t" }])).scenarios[0].author, "");
});

test("a file as a whole is refused in one sentence that says what is wrong", () => {
  const refused = [
    [bytes(" ".repeat(1_000_001)), "lab.file_large name=a.json most=1,000,000"],
    [new Uint8Array([0xff, 0xfe]), "lab.file_encoding name=a.json"],
    ["{", "lab.file_json name=a.json"],
    ["null", "lab.file_foreign name=a.json"],
    ["[]", "lab.file_foreign name=a.json"],
    [{ format: "other" }, "lab.file_foreign name=a.json"],
    [file([], { version: 2 }), "lab.file_version name=a.json version=2 ours=1"],
    [file([], { version: "x".repeat(30) }), `lab.file_version name=a.json version=${"x".repeat(20)} ours=1`],
    [file([], { version: undefined }), "lab.file_version name=a.json version=none ours=1"],
    [file([], { version: null }), "lab.file_version name=a.json version=none ours=1"],
    [file([], { model_version: "1" }), "lab.file_model name=a.json version=1 ours=2"],
    [file([], { model_version: { a: 1 } }), 'lab.file_model name=a.json version={"a":1} ours=2'],
  ];
  for (const [content, problem] of refused) assert.deepEqual(load(content), { problem });
  const full = JSON.stringify(file([]));
  assert.deepEqual(load(full + " ".repeat(1_000_000 - full.length)), { scenarios: [], refused: 0, told: [] });
});

test("what can be used of a file is used, and for each other entry it is told why not", () => {
  const { name, note, text } = sound;
  const told = (number, why) => `lab.file_entry number=${number} part=scenarios why=${why}`;
  const spaced = { name: " One\n", note: "\u3000why ", author: null, text: ` ${text}\t` };
  const found = load(file([
    sound, spaced, { text }, 7, null, [sound], { ...sound, name: 3 }, { ...sound, note: "n".repeat(4001) },
    { ...sound, author: "a\u0007" }, { ...sound, name: "\ud800" }, { ...sound, text: `${"y".repeat(70)}` }, { ...sound, text: undefined },
  ]));
  assert.deepEqual(found.scenarios, [{ name, note, text }, { name, note, text }, { name: "", note: "", text }]);
  assert.equal(found.refused, 9);
  const object = "lab.file_object names=name, note, author and text";
  assert.deepEqual(found.told, [
    told(4, object), told(5, object), told(6, object), told(7, "lab.file_text field=name shown=3"),
    told(8, "lab.file_long field=note count=4,001 most=4,000"), told(9, "lab.file_character field=author"),
    told(10, "lab.file_character field=name"), told(11, `lab.file_cannot_run text=${"y".repeat(60)}`),
    told(12, "lab.file_cannot_run text="),
  ]);
});

test("each text has its longest length, counted in signs, and may hold lines and tabs", () => {
  assert.deepEqual(LONGEST, { name: 200, note: 4000, author: 200, text: 4000 });
  for (const [field, most] of Object.entries({ name: 200, author: 200, note: 4000 })) {
    assert.equal(load(file([{ ...sound, [field]: "\u{1f600}".repeat(most) }])).refused, 0, field);
    assert.equal(load(file([{ ...sound, [field]: "\u{1f600}".repeat(most + 1) }])).refused, 1, field);
  }
  assert.match(load(file([{ ...sound, text: "x".repeat(4001) }])).told[0], /lab\.file_long field=text count=4,001/);
  assert.match(load(file([{ ...sound, text: "x".repeat(4000) }])).told[0], /lab\.file_cannot_run/);
  assert.equal(load(file([{ ...sound, note: "a\tb\nc\rd" }])).refused, 0);
  for (const sign of ["\u0000", "\u0008", "\u000b", "\u000c", "\u000e", "\u001f", "\udfff"]) {
    assert.equal(load(file([{ ...sound, note: `a${sign}b` }])).refused, 1, JSON.stringify(sign));
  }
  const long = load(file([{ ...sound, name: Array(60).fill(1) }])).told[0];
  assert.ok(long.endsWith(`shown=${JSON.stringify(Array(60).fill(1)).slice(0, 40)}`));
});

test("a list that is none is told, none at all is an empty one, and two thousand are read", () => {
  assert.deepEqual(load(file("x")), { scenarios: [], refused: 0, told: ["lab.file_list part=scenarios"] });
  assert.deepEqual(load(file(null)), { scenarios: [], refused: 0, told: ["lab.file_list part=scenarios"] });
  assert.deepEqual(load(file(undefined)), { scenarios: [], refused: 0, told: [] });
  assert.equal(load(file(Array(2000).fill(sound))).told.length, 0);
  const many = load(file(Array(2003).fill({ text: sound.text })));
  assert.deepEqual([many.scenarios.length, many.refused, many.told], [2000, 3, ["lab.file_many part=scenarios count=2,003 most=2,000"]]);
});

// --- the game -----------------------------------------------------------------------------------

const held = { insurer: ["share"], nobody: [], hospital: ["bodies"] };
const play = (...choices) => {
  const game = createGame({ ...opening, levers: { share: 0.1, bodies: 1 } }, held, 2);
  choices.forEach((each) => game.confirm(each));
  return game;
};

test("roles with levers take turns, and a round takes effect when all have chosen", () => {
  const game = play({ share: 0.5, bodies: 9 });
  assert.deepEqual([game.context, game.preset, game.rounds, game.roles], ["here", "plain", 2, ["insurer", "hospital"]]);
  assert.deepEqual([game.round(), game.role(), game.over()], [1, "hospital", false]);
  assert.deepEqual(game.standing(), { share: 0.1, bodies: 1 });
  assert.deepEqual(game.alone({ share: 0.9, bodies: 5 }), { share: 0.1, bodies: 5 });
  assert.deepEqual(game.alone({}), { share: 0.1, bodies: 1 });
  game.confirm({ bodies: 3 });
  assert.deepEqual([game.round(), game.role(), game.standing()], [2, "insurer", { share: 0.5, bodies: 3 }]);
  game.confirm({});
  game.confirm({});
  // What was chosen in a round is not chosen again in the next.
  assert.deepEqual([game.over(), game.role(), game.round(), game.standing()], [true, null, 3, { share: 0.5, bodies: 3 }]);
  for (const late of [{ share: 0 }, { bodies: 9 }, {}]) game.confirm(late);
  assert.deepEqual(game.stands(), [{ share: 0.1, bodies: 1 }, { share: 0.5, bodies: 3 }, { share: 0.5, bodies: 3 }]);
  game.stands()[0].share = 7;
  assert.equal(game.stands()[0].share, 0.1);
});

test("what somebody moved is listed, also when it was moved back", () => {
  const back = play({ share: 0.5 }, {}, { share: 0.1 }, {});
  assert.deepEqual(movedLevers(back), [{ role: "insurer", lever: "share", values: [0.1, 0.5, 0.1] }]);
  assert.deepEqual(movedLevers(play({}, {}, {}, { bodies: 5 })), [{ role: "hospital", lever: "bodies", values: [1, 1, 5] }]);
  assert.deepEqual(movedLevers(play({}, {})), []);
});

test("pay-offs are twelve months' money, gains are against no reform, and sums are over roles", () => {
  const engine = {
    run: (context, levers, years) => `${context} ${levers.share} ${years}`,
    yearly: (run, name) => (run === "here 0.5 2" && name === "payoff_insurer" ? [1, 4] : [NaN]),
  };
  assert.deepEqual(measurePayoffs(engine, "here", { share: 0.5 }, 2, ["insurer"]), { insurer: { years: [12, 48], mean: 30 } });
  assert.deepEqual(gains({ a: { mean: 5 }, b: { mean: 1 }, c: { mean: 9 } }, { a: { mean: 3 }, b: { mean: 4 } }), { a: 2, b: -3 });
  assert.equal(total({ a: 2, b: -3 }), -1);
  assert.equal(total({}), 0);
});

test("the analyst is asked about how things stand, with every role's levers and pay-off", () => {
  const game = play({ share: 0.5 }, {});
  assert.deepEqual(analystRequest(game, 7, ranges), {
    context: "here", years: 7, levers: { share: 0.5, bodies: 1 }, holder: { insurer: ["share"], hospital: ["bodies"] },
    payoffs: { insurer: "payoff_insurer", hospital: "payoff_hospital" }, ranges: { share: [0, 1, 0.05], bodies: [1, 9, 2] },
  });
});

test("an answer is told as a year's money against no reform", () => {
  const game = play({ share: 0.5 }, {});
  const base = { insurer: { mean: 10 }, hospital: { mean: -5 } };
  const best = (levers, regret, value) => ({ levers, regret, best: value, now: 0 });
  const answer = {
    responses: { insurer: best({ share: 0.7 }, 0.5, 2), hospital: best({ bodies: 1 }, 0, 1) },
    equilibrium: { levers: { share: 0.7 }, rounds: 3, settled: true, circles: false, payoffs: { insurer: 1, hospital: 2 } },
    optimum: { levers: { share: 1 }, payoffs: { insurer: 0, hospital: 4 }, sum: 4 },
  };
  assert.deepEqual(readAnswer(answer, game, base), {
    responses: [
      { role: "insurer", changes: [["share", 0.7]], regret: 6, gain: 14 },
      { role: "hospital", changes: [], regret: 0, gain: 17 },
    ],
    settled: { ...answer.equilibrium, gains: { insurer: 2, hospital: 29 } },
    together: { levers: { share: 1 }, gains: { insurer: -10, hospital: 53 } },
  });
});

test("who loses most by what is best for all is asked about, from a trifle on", () => {
  assert.equal(NOTHING, 0.05);
  assert.deepEqual(discussion({ a: 5, b: 4, c: 0 }, { a: 4, b: 1, c: 9 }), { key: "loser", role: "b", loss: 3 });
  assert.deepEqual(discussion({ a: 4, b: 5, c: 0 }, { a: 1, b: 4, c: 9 }), { key: "loser", role: "a", loss: 3 });
  // Of two who lose as much it is the first.
  assert.deepEqual(discussion({ a: 4, b: 4, c: 0 }, { a: 1, b: 1, c: 9 }), { key: "loser", role: "a", loss: 3 });
  assert.deepEqual(discussion({ a: 5, b: 0 }, { a: 4.96, b: 9 }), { key: "nobody" });
  assert.deepEqual(discussion({ a: 5, b: 0 }, { a: 4.94, b: 9 }).key, "loser");
  assert.deepEqual(discussion({ a: 0, b: 0 }, { a: 0.02, b: 0.02 }), { key: "near" });
  assert.deepEqual(discussion({ a: 0, b: 0 }, { a: 0.02, b: 0.03 }), { key: "nobody" });
  assert.deepEqual(discussion({ a: 9, b: 0 }, { a: 0, b: 0 }), { key: "near" });
});

test("the file of a game has a row for every lever after every round and for every gain", () => {
  const gain = "gain_a_year_against_no_reform";
  assert.deepEqual(gameRows(play({ share: 0.5 }, { bodies: 3 }), [{ key: "settled", gains: { insurer: 2, hospital: -1 } }]), [
    ["what", "when", "role", "lever", "value"],
    ["lever", "start", "insurer", "share", 0.1], ["lever", "start", "hospital", "bodies", 1],
    ["lever", "round_1", "insurer", "share", 0.5], ["lever", "round_1", "hospital", "bodies", 3],
    [gain, "settled", "insurer", "", 2], [gain, "settled", "hospital", "", -1],
  ]);
});
