"""Every sentence that ``check-case`` can say of a whole case, each brought about by one change."""

import ast
import inspect
import re
import shutil
from pathlib import Path

import pytest

from carelab.evidence.cases import check
from carelab.evidence.cases.check import check_case

# A change of the reader's file (what stands there, what is put in its place), and the whole
# sentence that it brings about.
SAID = {
    "uncited": (
        [("evidence:\n", "evidence:\n  - {id: E3, source: A,"
          " read_as: abstract, class: stated, text: A.}\n")],
        "evidence 'E3' is listed but nothing cites it",
    ),
    "unknown evidence": (
        [("claims: [E2]}\nframes", "claims: [E9]}\nframes")],
        "'E9' is cited but is no claim, no indicator and not under 'evidence' of the file; write"
        " E1, E2 ... for sources of your own and list them there",
    ),
    "unknown source": (
        [("source: E1\n", "source: nowhere\n")],
        "'source' is 'nowhere', which is neither a key of the registry nor an id under 'evidence'",
    ),
    "no actor": (
        [],
        "no actor is listed; the diagrams of money and governance stay empty",
    ),
    "all silent": (
        [],
        "every field is silent; code at least one, with its evidence",
    ),
    "long name": (
        [('short_en: "Xishui"', 'short_en: "Xishui, Guizhou, 123"')],
        "",
    ),
    "too long a name": (
        [('short_en: "Xishui"', 'short_en: "Xishui, Guizhou, 1234"')],
        "'short_en' has 21 signs; 20 at most fit on a chart",
    ),
    "nothing looked for": (
        [('not_stated:\n  - "How the integrated centres are paid."', "not_stated: []")],
        "'not_stated' is empty; write down what you looked for and did not find",
    ),
    "coded money": (
        [("pooled_money: silent", "pooled_money: {status: present, claims: [E1]}")],
        "'pooled_money' is coded, but the fields 'financing' and 'payment_incentive' are both"
        " silent",
    ),
    "coded budget": (
        [("prospective_budget: silent", "prospective_budget: {status: absent, claims: [E1]}")],
        "'prospective_budget' is coded, but the fields 'financing' and 'payment_incentive' are"
        " both silent",
    ),
    "coded charge": (
        [("leakage_charge: silent", "leakage_charge: {status: absent, claims: [E1]}")],
        "'leakage_charge' is coded, but the fields 'financing' and 'payment_incentive' are both"
        " silent",
    ),
    "drawn money": (
        [("money: []", "money:\n  - {from: hospital, to: township, what_en: pays,"
          " claims: [E1]}")],
        "money links are drawn, but the fields 'financing' and 'payment_incentive' are both silent",
    ),
    "money with one field": (
        [
            ("pooled_money: silent", "pooled_money: {status: present, claims: [E1]}"),
            ("financing: silent", 'financing: {text: "A.", claims: [E1]}'),
        ],
        "",
    ),
    "money with the other field": (
        [
            ("pooled_money: silent", "pooled_money: {status: present, claims: [E1]}"),
            ("payment_incentive: silent", 'payment_incentive: {text: "A.", claims: [E1]}'),
        ],
        "",
    ),
    "drawn governance": (
        [("  governance: {text: \"Five of twenty-four township health centres are integrated under"
          " county hospitals.\", claims: [E1]}", "  governance: silent")],
        "governance links are drawn, but the fields 'governance' and 'process' are silent",
    ),
    "direction without outcome": (
        [("  stated_outcomes: {text: \"Cost per case and own payment per case rose against centres"
          " that were not integrated.\", claims: [E2]}", "  stated_outcomes: silent")],
        "'economy' has a direction, but the field 'stated_outcomes' is silent",
    ),
    "direction without design": (
        [("design: controlled, ", "")],
        "'economy' has a direction and no 'design'; allowed is randomised, controlled,"
        " time_series, before_after, compared",
    ),
    "lever out of range": (
        [("value: 0.2", "value: 7")],
        "lever 'contract_share' is 7; allowed is 0 to 1",
    ),
    "wish as evidence": (
        [("  shared_information: silent",
          "  shared_information: {status: present, claims: [S004-47]}")],
        "",  # begins so, see below
    ),
    "unknown dimension": (
        [("rainbow.normative", "rainbow.colour")],
        "'xishui' in cases/xishui.yml codes 'rainbow.colour', which is a dimension of no frame",
    ),
    "another id": (
        [("id: xishui", "id: other")],
        "'id' is 'other'; allowed is 'xishui', the name of the file",
    ),
}  # fmt: skip


def changed(text: str, changes) -> str:
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


@pytest.fixture
def case(root, tmp_path):
    return Path(shutil.copy(root / "tests" / "cases" / "xishui.yml", tmp_path))


def said(case, *changes) -> list[str]:
    text = case.read_text(encoding="utf-8")
    case.write_text(changed(text, changes), encoding="utf-8")
    return check_case(case)


# Brought about by more than a change of a few words: each in a test of its own.
ELSEWHERE = ("no actor", "all silent", "wish as evidence")


@pytest.mark.parametrize("name", [name for name in SAID if name not in ELSEWHERE])
def test_one_thing_amiss_gets_its_sentence_and_no_other(case, name):
    changes, sentence = SAID[name]
    assert said(case, *changes) == ([sentence] if sentence else [])


def test_a_case_without_actors_is_told_so(case):
    text = case.read_text(encoding="utf-8")
    text = re.sub(r"(?s)actors:\n  - .*?(?=money:)", "actors: []\n", text)
    text = re.sub(r"(?s)governance:\n  - .*?(?=events:)", "governance: []\n", text)
    case.write_text(text, encoding="utf-8")
    assert check_case(case) == [SAID["no actor"][1]]


def test_a_case_that_says_nothing_is_told_so(case):
    text = case.read_text(encoding="utf-8")
    head, rest = text.split("fields:\n")
    fields, rest = rest.split("mechanisms:\n")
    fields = re.sub(r"(?m)^  (\w+): .*$", r"  \1: silent", fields)
    case.write_text(f"{head}fields:\n{fields}mechanisms:\n{rest}", encoding="utf-8")
    found = check_case(case)
    assert SAID["all silent"][1] in found
    assert SAID["drawn governance"][1] in found
    assert SAID["direction without outcome"][1] in found


def test_a_prescription_is_no_evidence_that_something_is_so(case):
    (sentence,) = said(case, *SAID["wish as evidence"][0])
    assert sentence.startswith("'shared_information' is coded 'present' on S004-47")
    assert "ought to be or may come" in sentence


def test_a_name_that_another_case_has_is_refused(root, tmp_path):
    path = tmp_path / "kinzigtal.yml"
    shutil.copy(root / "tests" / "cases" / "xishui.yml", path)
    path.write_text(
        path.read_text("utf-8").replace("id: xishui", "id: kinzigtal"), encoding="utf-8"
    )
    assert check_case(path) == [
        "another case is called 'kinzigtal'; give the file and its id another name"
    ]


def test_every_sentence_of_the_check_is_said_here():
    told = " ".join(sentence for _, sentence in SAID.values()) + inspect.getsource(
        test_a_name_that_another_case_has_is_refused
    )
    steps = (check._missing, check._thin, check._inconsistent, check._name_clash)
    for step in steps:
        for node in ast.walk(ast.parse(inspect.getsource(step))):
            if isinstance(node, ast.Yield):
                parts = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
                assert any(str(part).strip("' ;,") in told for part in parts if len(part) > 12), (
                    step.__name__,
                    parts,
                )
