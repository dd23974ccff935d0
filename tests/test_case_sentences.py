"""Every sentence that ``check-case`` can say of a whole case, each brought about by one change."""

import ast
import inspect
import re
import shutil
from pathlib import Path

import pytest

from carelab.base import CarelabError
from carelab.evidence.cases import check
from carelab.evidence.cases.check import check_case
from carelab.evidence.cases.model import AXES, STATUSES, Coded
from carelab.evidence.cases.reader import CaseReader

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


HEADS = {"id": "xy", "country": "CN", "source": "E1", "kind": "system", "basis": "Two reports.",
         "name_en": "X", "short_en": "S"}  # fmt: skip
ACTOR = {"id": "a", "name_en": "A", "role": "hospital", "claims": ["E1"]}
LINK = {"from": "a", "to": "b", "what_en": "pays", "claims": ["E1"]}
EVENT = {"date": "2019-07", "event": "It began.", "kind": "policy", "claims": ["E1"]}
LEVER = {"lever": "contract_share", "model": "care_economy", "value": 0.5, "class": "stated",
         "note": "As told.", "claims": ["E1"]}  # fmt: skip
OWN = {"id": "E1", "text": "It says so.", "source": "A report", "read_as": "abstract",
       "class": "stated"}  # fmt: skip


def reader(**raw) -> CaseReader:
    return CaseReader("x.yml", raw)


def actor(**changes):
    return lambda: reader(actors=[ACTOR | changes]).listed("actors")


def link(**changes):
    given = {"actors": [{"id": "a"}, {"id": "b"}], "money": [LINK | changes]}
    return lambda: reader(**given).listed("money")


def event(**changes):
    return lambda: reader(events=[EVENT | changes]).listed("events")


def lever(**changes):
    return lambda: reader(lab=[LEVER | changes]).listed("lab")


def own(**changes):
    return lambda: reader(evidence=[OWN | changes]).listed("evidence")


def heads(**changes):
    return lambda: reader(**(HEADS | changes)).heads()


def coded(entry):
    return lambda: reader().coded(entry, "field 'f' ", "status", STATUSES)


REFUSED = [
    (lambda: CaseReader("x.yml", None), "the file is 'empty'; allowed is a mapping of keys"),
    (lambda: CaseReader("x.yml", [1]), "the file is 'list'; allowed is a mapping of keys"),
    (actor(id=""), "actor 'id' is ''; allowed is a text"),
    (actor(id=7), "actor 'id' is '7'; allowed is a text"),
    (actor(name_en="  "), "actor 'a' 'name_en' is '  '; allowed is a text"),
    (actor(role="baker"), "actor 'a' 'role' is 'baker'; allowed is "),
    (actor(claims=[]), "actor 'a' claims is '[]'; allowed is at least one claim"),
    (actor(claims="E1"), "actor 'a' claims is 'E1'; allowed is a list of claim"),
    (actor(claims=["E1", 5]), "actor 'a' claims is \"['E1', 5]\"; allowed is a list"),
    (actor(claims=["E1", "E1"]), "actor 'a' claims"),
    (actor(wage=5), "wage"),
    (lambda: reader(actors={"id": "a"}).listed("actors"), "'actors' is"),
    (lambda: reader(actors=[ACTOR, ACTOR]).listed("actors"), "'actors'"),
    (link(to="c"), "money link 'to' is 'c'; allowed is a, b"),
    (link(kind="gives"), "money link 'kind' is 'gives'; allowed is "),
    (link(amount="E9"), "money link 'amount' is 'E9'; allowed is E1"),
    (link(what_en=None), "money link 'what_en' is 'None'; allowed is a text"),
    (link(claims=[]), "money link claims is '[]'; allowed is at least one"),
    (lambda: reader(money=["a"]).listed("money"), "a money link is 'a'; allowed is a mapping"),
    (event(date="2019-13"), "event 'date' is '2019-13'; allowed is a day, month or year"),
    (event(kind="party"), "event 2019-07 'kind' is 'party'; allowed is "),
    (event(event=""), "event 2019-07 'event' is ''; allowed is a text"),
    (event(claims=[]), "event 2019-07 claims is '[]'"),
    (lambda: reader(events=["2019"]).listed("events"), "event 'date' is ''; allowed is a day"),
    (lever(value=True), "lever 'contract_share'"),
    (lever(value="0.5"), "lever 'contract_share'"),
    (lever(note=""), "lab lever 'contract_share' 'note' is ''; allowed is a text"),
    (lever(claims=[]), "lab lever 'contract_share' claims is '[]'; allowed is at least one"),
    (lever(**{"class": "guess"}), "lab lever 'contract_share' 'class' is 'guess'; allowed is "),
    (lambda: reader(lab=[LEVER, LEVER]).listed("lab"), "is set twice; keep one"),
    (own(id="E1234"), "evidence 'id' is 'E1234'; allowed is E and up to three digits"),
    (own(id="F1"), "evidence 'id' is 'F1'; allowed is E"),
    (own(read_as="skimmed"), "evidence 'E1' 'read_as' is 'skimmed'; allowed is "),
    (own(source=""), "evidence 'E1' 'source' is ''; allowed is a text"),
    (lambda: reader(evidence=[OWN, OWN]).listed("evidence"), "'evidence'"),
    (lambda: reader(not_stated=[{"a": 1}]).listed("not_stated"), "an entry of 'not_stated' is"),
    (lambda: reader(not_stated=[" "]).listed("not_stated"), "an entry of 'not_stated' is ' '"),
    (lambda: reader(not_stated=["A.", "A."]).listed("not_stated"), "'not_stated'"),
    (heads(id="X y"), "'id' is 'X y'; allowed is "),
    (heads(colour="red"), "the key is 'colour'; allowed is id, "),
    (heads(kind="dream"), "'kind' is 'dream'; allowed is system, "),
    (heads(kind=None), "'kind' is 'None'; allowed is a text"),
    (heads(basis=" "), "'basis' is ' '; allowed is a text that says that no seed"),
    (heads(short_en=""), "'short_en' is ''; allowed is a text"),
    (heads(name_zh=5), "'name_zh' is '5'; allowed is a text"),
    (coded({"status": "maybe", "claims": ["E1"]}), "field 'f' 'status' is 'maybe'; allowed is "),
    (coded({"status": "present"}), "field 'f' claims is '[]'; allowed is at least one"),
    (coded({"status": "silent", "claims": ["E1"]}), "allowed is none where the source is silent"),
    (coded("present"), "field 'f' 'status' is 'None'; allowed is a text"),
    (lambda: reader(frames=[1]).frames(), "'frames' is '[1]'; allowed is a mapping"),
    (lambda: reader(evaluation=[1]).evaluation(), "the keys of 'evaluation' is '[1]'; allowed"),
    (lambda: reader(evaluation={"joy": 1}).evaluation(), "the keys of 'evaluation' is"),
    (lambda: reader(fields={"a": "silent"}).group("fields", ("a", "b"), "text"),
     "the keys of 'fields' is \"off by ['b']\"; allowed is a, b"),
    (lambda: reader().group("fields", ("a", "b"), "text"),
     "the keys of 'fields' is \"off by ['a', 'b']\"; allowed is a, b"),
]  # fmt: skip


@pytest.mark.parametrize(("read", "said"), REFUSED)
def test_what_a_case_may_not_hold_is_refused_with_its_place_and_what_is_allowed(read, said):
    with pytest.raises(CarelabError) as caught:
        read()
    told = str(caught.value)
    assert told.startswith("case file 'x.yml': ") and "\n" not in told
    assert said in told


def test_what_a_case_may_hold_is_read_as_it_stands():
    (one,) = actor(name_zh="甲")()
    assert (one.id, one.name_en, one.name_zh, one.claims) == ("a", "A", "甲", ("E1",))
    # Without a Chinese name the English one stands.
    assert [actor(name_zh=given)()[0].name_zh for given in (None, "")] == ["A", "A"]
    (way,) = link(amount="E1", kind="decides")()
    assert (way.source, way.target, way.what_en, way.what_zh) == ("a", "b", "pays", "pays")
    assert (way.kind, way.amount) == ("decides", "E1")
    assert (link()()[0].kind, link()()[0].amount) == ("decides", "")
    assert [event(date=day)()[0].date for day in (2019, "2019-07", "2019-07-31")] == [
        "2019", "2019-07", "2019-07-31",
    ]  # fmt: skip
    (setting,) = lever(claims=[], **{"class": "assumed"})()
    assert (setting.lever, setting.value, setting.claims) == ("contract_share", 0.5, ())
    assert lever(value=1)()[0].value == 1.0
    other = {"lever": "ratchet_share"}
    assert len(reader(lab=[LEVER, LEVER | other]).listed("lab")) == 2
    assert own(id="E123")()[0].claim_class == "stated"
    told = heads()()
    assert (told["name_en"], told["name_zh"], told["short_en"], told["short_zh"]) == (
        "X", "X", "S", "S",
    )  # fmt: skip
    assert told["basis"] == "Two reports."
    seeded = {key: value for key, value in HEADS.items() if key != "basis"}
    assert reader(**seeded | {"source": "seed-004"}).heads()["basis"] == ""
    with pytest.raises(CarelabError, match="'basis' is 'None'"):
        reader(**seeded).heads()
    assert coded("silent")() == coded({"status": "silent"})() == Coded("silent", ())
    assert coded({"status": "present", "claims": ["E1"]})() == Coded("present", ("E1",))
    axes = reader(evaluation={"economy": {"direction": "worsened", "claims": ["E1"],
                                          "design": "compared"}}).evaluation()  # fmt: skip
    assert list(axes) == list(AXES)
    assert (axes["economy"].text, axes["economy"].design) == ("worsened", "compared")
    assert all(axes[axis].is_silent for axis in AXES if axis != "economy")
    assert reader().listed("money") == () and reader().frames() == {}
