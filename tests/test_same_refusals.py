"""The page takes and refuses what Python takes and refuses: one table of inputs for both."""

import json
import subprocess

import pytest

from carelab.base import CarelabError
from carelab.base.levers import lever_refusal, levers_of
from carelab.engine import MODEL_VERSION, Scenario
from carelab.lab.economy_script import economy_script
from carelab.lab.labels import labels_data
from carelab.study.many.scenario_files import read_scenario_file

SHARE, BODIES, MONTHS, SHIFT, RATIO = (
    "contract_share", "bodies_under_cap", "ramp_months", "outside_copay_shift",
    "public_health_multiplier",
)  # fmt: skip
# What a reader types, into the box of which lever, and the number that it means; None: no number.
TYPED = [
    ("25", SHARE, 0.25),
    ("25 %", SHARE, 0.25),
    ("25\N{NARROW NO-BREAK SPACE}%", SHARE, 0.25),
    ("25%", SHARE, 0.25),
    ("\uff12\uff15\uff05", SHARE, 0.25),
    ("\u300025\u3000%\u3000", SHARE, 0.25),
    ("12.5", SHARE, 0.125),
    ("12,5 %", SHARE, 0.125),
    ("12\uff0c5", SHARE, 0.125),
    ("12\uff0e5", SHARE, 0.125),
    (".5", SHARE, 0.005),
    ("5.", SHARE, 0.05),
    ("+5", SHARE, 0.05),
    ("-0", SHARE, 0.0),
    ("100", SHARE, 1.0),
    ("\u22125 %", SHIFT, -0.05),
    ("\u22125\N{NARROW NO-BREAK SPACE}%", SHIFT, -0.05),
    ("\uff0d5", SHIFT, -0.05),
    ("- 5", SHIFT, -0.05),
    ("-5", SHIFT, -0.05),
    ("1.25", RATIO, 1.25),
    ("1,25", RATIO, 1.25),
    ("1.25 times", RATIO, 1.25),
    ("1.25 ×", RATIO, 1.25),
    ("0,750", RATIO, 0.75),
    ("3", BODIES, 3.0),
    ("3 bodies", BODIES, 3.0),
    ("3.0", BODIES, 3.0),
    ("36", MONTHS, 36.0),
    ("36 months", MONTHS, 36.0),
    # A number, and not one that the lever may have.
    ("101", SHARE, 1.01),
    ("1,000", SHARE, 10.0),
    ("-5", SHARE, -0.05),
    ("1,250", RATIO, 1250.0),
    ("1 250", RATIO, 1250.0),
    ("2.5", BODIES, 2.5),
    ("2,5", BODIES, 2.5),
    ("0", BODIES, 0.0),
    ("3.7", MONTHS, 3.7),
    ("61", MONTHS, 61.0),
    # No number of this lever: nothing is cut away until one is left.
    ("5\u00b2", SHARE, None),
    ("\u00bd", SHARE, None),
    ("\u2464", SHARE, None),
    ("\u0665", SHARE, None),
    ("五", SHARE, None),
    ("5 0", SHARE, None),
    ("5%%", SHARE, None),
    ("%5", SHARE, None),
    ("5 ‰", SHARE, None),
    ("5 months", SHARE, None),
    ("36 %", MONTHS, None),
    ("3 %", BODIES, None),
    ("--5", SHIFT, None),
    ("5-", SHIFT, None),
    ("–", SHIFT, None),
    ("1e1", SHARE, None),
    ("0x10", SHARE, None),
    ("1_0", SHARE, None),
    ("1.2.3", SHARE, None),
    ("1,2,3", SHARE, None),
    ("12,34,567", SHARE, None),
    ("1 2345", SHARE, None),
    ("NaN", SHARE, None),
    ("Infinity", SHARE, None),
    ("about 5", SHARE, None),
    ("5\u200b", SHARE, None),
    ("", SHARE, None),
    (" ", SHARE, None),
    (".", SHARE, None),
    (",", SHARE, None),
    ("%", SHARE, None),
    ("-", SHARE, None),
]
HEAD = f"carelab/{MODEL_VERSION}"
# Scenario texts, as links and files carry them, and whether they can be run.
TEXTS = [
    (f"{HEAD}/china_county/anhui", True),
    (f"{HEAD}/china_county/anhui/", True),
    (f"{HEAD}/china_county/anhui/;;", True),
    (f" {HEAD}/china_county/anhui\n", True),
    (f"\ufeff{HEAD}/china_county/anhui", False),
    (f"\x1f{HEAD}/china_county/anhui", False),
    (f"{HEAD}/uk_place/uk_before/ramp_months=12;bodies_under_cap=3", True),
    (f"{HEAD}/china_county/anhui/outside_copay_shift=-0.05", True),
    (f"{HEAD}/china_county/anhui/outside_copay_shift=\u22120.05", False),
    (f"{HEAD}/china_county/anhui/bodies_under_cap=2.5", False),
    (f"{HEAD}/china_county/anhui/ramp_months=3.7", False),
    (f"{HEAD}/china_county/anhui/contract_share=5\u00b2", False),
    (f"{HEAD}/china_county/anhui/contract_share", False),
    (f"{HEAD}/china_county/anhui/contract_share=0.1/x", False),
    (f"{HEAD}/mars/anhui", False),
    (f"{HEAD}/china_county/nowhere", False),
    (f"{HEAD}/constructor/toString", False),
    ("carelab/0/china_county/anhui", False),
    ("carelab/01/china_county/anhui", False),
    (f"Carelab/{MODEL_VERSION}/china_county/anhui", False),
    (f"{HEAD}/china_county", False),
    ("", False),
]
ENTRY = {"name": "a", "note": "why", "author": "Li", "text": f"{HEAD}/china_county/anhui"}
FILE = {"format": "carelab-scenarios", "version": 1, "model_version": MODEL_VERSION}


def file_of(*entries: object, **changed: object) -> bytes:
    return json.dumps({**FILE, "scenarios": entries, **changed}).encode()


# Files of scenarios: how many entries are read, or the sentence that refuses the whole.
FILES = [
    (file_of(ENTRY), 1),
    (b"\xef\xbb\xbf" + file_of(ENTRY), 1),
    (file_of(), 0),
    (json.dumps(FILE).encode(), 0),
    (file_of(scenarios=7), 0),
    (file_of(ENTRY, None, 5, "x", [], {}), 1),
    (file_of({**ENTRY, "name": {"a": 1}}, {**ENTRY, "note": 7}, {**ENTRY, "author": True}), 0),
    (file_of({**ENTRY, "name": None}, {"text": ENTRY["text"]}), 2),
    (file_of({**ENTRY, "name": "x" * 200}, {**ENTRY, "name": "x" * 201}), 1),
    (file_of({**ENTRY, "note": "😀" * 4000}, {**ENTRY, "note": "x" * 4001}), 1),
    (file_of({**ENTRY, "name": "a\u0007"}, {**ENTRY, "name": "a\ud800"}), 0),
    (file_of(*[ENTRY] * 2001), 2000),
    (file_of(*[{**ENTRY, "text": text} for text, _ in TEXTS]), sum(good for _, good in TEXTS)),
    (b"", "file 'homework.json' is not valid JSON"),
    (b"{", "file 'homework.json' is not valid JSON"),
    (b'{"format": NaN}', "file 'homework.json' is not valid JSON"),
    (b"[]", "file 'homework.json' holds no scenarios of carelab"),
    (b"null", "file 'homework.json' holds no scenarios of carelab"),
    (file_of(format="other"), "file 'homework.json' holds no scenarios of carelab"),
    (file_of(ENTRY, version=2), "file 'homework.json' has version 2; this carelab reads 1"),
    (file_of(ENTRY, version="1"), "file 'homework.json' has version 1; this carelab reads 1"),
    (file_of(ENTRY, version=True), "file 'homework.json' has version true; this carelab reads 1"),
    (
        file_of(ENTRY, version=None),
        "file 'homework.json' has version none; this carelab reads 1",
    ),
    (
        file_of(ENTRY, model_version="0"),
        f"file 'homework.json' was made with model version 0; this is version {MODEL_VERSION}",
    ),
    (
        file_of(ENTRY, model_version=None),
        f"file 'homework.json' was made with model version none; this is version {MODEL_VERSION}",
    ),
    (
        json.dumps({**FILE, "author": "李"}, ensure_ascii=False).encode("gbk"),
        "file 'homework.json' is not UTF-8 text; save it as UTF-8",
    ),
    (b" " * 1_000_001, "file 'homework.json' is larger than 1,000,000 bytes"),
]

ASK = """
import { readFileSync } from "node:fs";
const { carelabEconomy } = await import(process.argv[1]);
const folder = process.argv[2];
const { parseTyped } = await import(`${folder}/kit/format.js`);
const { readScenario } = await import(`${folder}/scenarios/scenario_text.js`);
const { importFile } = await import(`${folder}/scenarios/scenario_file.js`);
const { createSpeaker } = await import(`${folder}/kit/speaker.js`);
const { leverValue } = await import(`${folder}/views/lever_list.js`);
const { kind, inputs, registry } = JSON.parse(readFileSync(0, "utf8"));
const speaker = createSpeaker(registry);
const { t } = speaker;
const readText = (text) => readScenario(text, carelabEconomy, registry.levers);
const ask = {
  typed: ([text, name]) => {
    const lever = registry.levers[name];
    const shown = leverValue(lever.high, lever, speaker, "china_county");
    const units = [t(`unit.${lever.unit}.sign`), shown.replace(/^[^\\p{L}%]+/u, "")];
    return parseTyped(text, lever, units);
  },
  shown: ([value, name]) => {
    const lever = registry.levers[name];
    const shown = leverValue(value, lever, speaker, "china_county");
    return [shown, parseTyped(shown, lever, [shown.replace(/^[^\\p{L}%]+/u, "")])];
  },
  texts: (text) => Boolean(readText(text).scenario),
  files: (base64) => {
    const bytes = new Uint8Array(Buffer.from(base64, "base64"));
    const reading = { name: "homework.json", model: carelabEconomy.version, readText, t };
    const found = importFile(bytes, reading);
    return found.problem ?? { count: found.scenarios.length, told: found.told };
  },
};
process.stdout.write(JSON.stringify(inputs.map(ask[kind])));
"""


@pytest.fixture(scope="module")
def page(node, root, tmp_path_factory):
    """Ask the page's own modules, in node, as ``page("texts", […])``."""
    generated = tmp_path_factory.mktemp("page") / "economy.mjs"
    generated.write_text(f"{economy_script()}\nexport {{ carelabEconomy }};", encoding="utf-8")
    static = root / "src" / "carelab" / "lab" / "static"

    def ask(kind: str, inputs: list, language: str = "en") -> list:
        given = {"kind": kind, "inputs": inputs, "registry": labels_data(language)}
        done = subprocess.run(
            [node, "--input-type=module", "-e", ASK, generated.as_uri(), static.as_uri()],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return ask


def test_a_typed_value_is_taken_where_python_takes_its_number_and_never_cut(page):
    found = page("typed", [[text, name] for text, name, _ in TYPED])
    wrong = []
    for (text, name, number), answer in zip(TYPED, found, strict=True):
        # What names no number reaches Python as the text that it is.
        refusal = lever_refusal(name, text if number is None else number)
        expected = {"error": True} if refusal else {"value": number}
        if answer != pytest.approx(expected, rel=1e-12):
            wrong.append((text, name, answer, expected))
    assert wrong == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_reader_may_type_back_every_value_that_the_page_shows(page, language):
    settings = []
    for name, lever in levers_of().items():
        steps = round((lever.high - lever.low) / lever.step)
        settings += [(lever.low + at * lever.step, name) for at in range(steps + 1)]
    for (value, name), (shown, answer) in zip(
        settings, page("shown", settings, language), strict=True
    ):
        # As exact as it was shown: a whole percent, or two digits behind the point.
        assert answer.get("value") == pytest.approx(value, abs=0.0051), (name, shown)


def test_the_page_and_python_run_the_same_scenario_texts(page):
    texts = [text for text, _ in TEXTS]
    for (text, good), theirs in zip(TEXTS, page("texts", texts), strict=True):
        try:
            Scenario.from_text(text)
        except CarelabError:
            ours = False
        else:
            ours = True
        assert (ours, theirs) == (good, good), text


def test_the_page_and_python_read_the_same_files_and_refuse_them_in_the_same_words(page, tmp_path):
    import base64

    path = tmp_path / "homework.json"
    answers = page("files", [base64.b64encode(content).decode() for content, _ in FILES])
    for (content, expected), answer in zip(FILES, answers, strict=True):
        path.write_bytes(content)
        if isinstance(expected, str):
            with pytest.raises(CarelabError) as caught:
                read_scenario_file(path)
            assert str(caught.value) == expected
            assert answer == expected
            continue
        read = read_scenario_file(path)
        assert len(read.scenarios) == expected, content[:200]
        assert answer["count"] == expected, content[:200]
        told = [each.removeprefix("file 'homework.json': ") for each in read.problems]
        assert len(answer["told"]) == len(told)
        for ours, theirs in zip(told, answer["told"], strict=True):
            # Why a text cannot be run each says in its own way; all else is the same sentence.
            assert ours == theirs or "cannot run" in theirs, (ours, theirs)
