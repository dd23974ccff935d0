"""A number reads the same in a table made by Python and in the lab that takes its place."""

import json
import random
import re
import subprocess

import pytest

from carelab.base import load_words
from carelab.base.numbers import SIZES, format_number, show_value, size_of_change
from carelab.engine import BASELINE_PRESETS
from carelab.evidence import load_quantities
from carelab.lab.labels import labels_data

CONTEXT = "china_county"
# Negative, nil, less than nil when rounded, halves, thousands, what is no number.
VALUES = (
    *(0.0, -0.0, 0.54, -0.54, 1.0, 0.125, -0.125, 0.005, 0.015, 0.995, 0.9995, -0.0004, -0.2),
    *(2.5, -2.5, 0.5, 1.005, 999.5, 1000.0, -2622.6, 12345.678, 1234567.891, -1e9, 1e-12),
    *(float("nan"), float("inf"), float("-inf")),
)


@pytest.fixture(scope="module")
def lab(node, root):
    """Run lines of JavaScript that see the words of a language and the numbers of the lab."""
    kit = (root / "src/carelab/lab/static/kit").as_uri()

    def run(script: str, language: str, data: object):
        lines = [
            f'import * as format from "{kit}/format.js";',
            f'import {{ createSpeaker }} from "{kit}/speaker.js";',
            'import { readFileSync } from "node:fs";',
            # JSON knows neither NaN nor infinity: a text stands for each.
            'const { registry, data } = JSON.parse(readFileSync(0, "utf8"), (_, each) =>',
            "  ['NaN', 'Infinity', '-Infinity'].includes(each) ? Number(each) : each);",
            "const speaker = createSpeaker(registry);",
            f"console.log(JSON.stringify({script}));",
        ]
        spoken = {"en": "en", "zh": "zh-CN"}[language]
        registry = {"words": load_words(language), "language": spoken, "sizes": dict(SIZES)}
        text = json.dumps({"registry": registry, "data": data})
        text = re.sub(r"(?<![\w\"])(-?Infinity|NaN)(?![\w\"])", r'"\1"', text)
        done = subprocess.run(
            [node, "--input-type=module", "-e", "\n".join(lines)],
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_unit_and_number_reads_the_same_in_python_and_in_the_lab(lab, language):
    known = load_quantities("care_economy")
    units = [*known["unit"].unique(), *load_quantities("retention")["unit"].unique()]
    units += ["bare", "points", "a unit without a word"]
    draw = random.Random(5)
    more = [draw.uniform(-1, 1) * 10 ** draw.randint(-4, 6) for _ in range(40)]
    rows = [
        [value, unit, digits]
        for unit in dict.fromkeys(units)
        for digits in (0, 1, 2)
        for value in (*VALUES, *more)
    ]
    theirs = lab(
        "data.map(([value, unit, digits]) => "
        f'speaker.show(value, {{ unit, digits }}, "{CONTEXT}"))',
        language,
        rows,
    )
    money = load_words(language)[f"place.{CONTEXT}.money"]
    ours = [show_value(value, unit, digits, language, money) for value, unit, digits in rows]
    assert [each for each in zip(rows, ours, theirs, strict=True) if each[1] != each[2]] == []
    assert len({text for text in ours if "\N{MINUS SIGN}" in text}) > 100


def test_no_number_is_written_with_a_hyphen_or_as_less_than_nil():
    for value in VALUES:
        for text in (show_value(value, "share", 1, "en"), format_number(value)):
            assert "-" not in text.replace("e-", "")
            assert not re.fullmatch(r"\N{MINUS SIGN}[0.,]+\D*", text), (value, text)


def test_a_bit_and_much_mean_the_same_in_python_and_in_the_lab(lab):
    limits = [*SIZES.values()]
    pairs = [
        (before, before + side * abs(before or 1) * limit * near)
        for before in (-3.0, 0.0, 1e-12, 0.2, 7000.0)
        for side in (-1, 1)
        for limit in limits
        for near in (0.0, 0.5, 0.999, 1.001, 2.0)
    ]
    theirs = lab("data.map(([before, after]) => speaker.size(after, before))", "en", pairs)
    assert [size_of_change(before, after) for before, after in pairs] == theirs
    assert set(theirs) == {"same", "up_bit", "up_much", "down_bit", "down_much"}


def test_the_lab_is_given_the_sizes_and_a_word_for_each_and_for_every_unit():
    for language in ("en", "zh"):
        told = labels_data(language)
        assert told["sizes"] == SIZES
        for size in ("same", *(f"{way}_{size}" for way in ("up", "down") for size in SIZES)):
            assert f"lab.predict.{size}" in told["words"]
        units = {each["unit"] for kind in ("levers", "quantities") for each in told[kind].values()}
        assert {unit for unit in units if f"unit.{unit}" not in told["words"]} == set()
    assert {f"place.{place}.money" for place in BASELINE_PRESETS} <= set(load_words("en"))


def test_a_minus_sign_is_put_in_one_place_of_each_language(root):
    package = root / "src/carelab"
    signs = re.compile(r"replace\(.-., *(.−.|.\\u2212.|_MINUS|.\\N\{MINUS)|NumberFormat")
    files = [*package.rglob("*.py"), *package.rglob("*.js")]
    found = {each.name for each in files if signs.search(each.read_text("utf-8"))}
    assert found == {"numbers.py", "format.js"}


# What a reader sees, worked out by hand. A share is in percent; money in the place's currency.
SHOWN = [
    # language, value, unit, digits, the value, and the same as a change
    ("en", 0.5449, "share", 0, "54\N{NARROW NO-BREAK SPACE}%", "+54 points"),
    ("zh", 0.5449, "share", 0, "54%", "+54 个百分点"),
    ("en", 0.0214, "share", 1, "2.1\N{NARROW NO-BREAK SPACE}%", "+2.1 points"),
    ("zh", -0.0214, "share", 1, "−2.1%", "−2.1 个百分点"),
    ("en", 0.0994, "share", 0, "10\N{NARROW NO-BREAK SPACE}%", "+9.9 points"),
    ("en", 0.0996, "share", 0, "10\N{NARROW NO-BREAK SPACE}%", "+10 points"),
    ("en", 12345.678, "money", 0, "12,346 CNY per resident", "+12,346 CNY per resident"),
    ("en", 12345.678, "money", 2, "12,345.68 CNY per resident", "+12,345.68 CNY per resident"),
    ("zh", -12345.678, "money", 1, "−12,345.7 元/人", "−12,345.7 元/人"),
    ("en", 2.25, "years", 1, "2.3 years", "+2.3 years"),
    ("zh", 2.25, "years", 1, "2.3 年", "+2.3 年"),
    ("en", 0.0, "bodies", 0, "0 bodies", "0 bodies"),
]


@pytest.mark.parametrize(("language", "value", "unit", "digits", "shown", "change"), SHOWN)
def test_a_number_is_shown_as_in_these_examples(lab, language, value, unit, digits, shown, change):
    money = load_words(language)[f"place.{CONTEXT}.money"]
    assert show_value(value, unit, digits, language, money) == shown
    quantity = json.dumps({"unit": unit, "digits": digits})
    theirs = lab(
        f"data.map((each) => [speaker.show(each, {quantity}, '{CONTEXT}'),"
        f" speaker.showChange(each, {quantity}, '{CONTEXT}')])",
        language,
        [value],
    )
    assert theirs == [[shown, change]]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_bare_number_has_three_digits_that_matter(lab, language):
    given = [0.012345, -0.98765, 12.345, 1234.5, -1e-10, 0]
    shown = ["0.0123", "−0.988", "12.3", "1,230", "0", "0"]
    assert lab("data.map((each) => speaker.number(each))", language, given) == shown
    assert lab("data.map((each) => speaker.number(each, 2))", language, given)[:2] == [
        "0.012",
        "−0.99",
    ]


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (1234.5, "", "1,234.5"),
        (0.123456, "", "0.123"),
        (12.345678, "", "12.35"),
        (-7.0, "", "−7"),
        (1e6, ",.0f", "1,000,000"),
        (-0.04, ".1f", "0.0"),
        (-0.05001, ".1f", "−0.1"),
    ],
)
def test_a_number_of_a_table_is_written_as_in_these_examples(value, form, shown):
    assert format_number(value, form) == shown
