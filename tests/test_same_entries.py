"""What makes two entries of a class the same: all that their author wrote, and nothing else."""

import pytest

from carelab.engine import Scenario
from carelab.study.many.scenario_database import collect_scenarios
from carelab.study.many.scenario_files import SavedScenario, write_scenario_file

PLACE, PRESET = "uk_place", "uk_before"
FIRST = SavedScenario(Scenario(PLACE, PRESET, {"contract_share": 0.5}, "A"), "Li", "why")
OTHERS = {
    "name": SavedScenario(Scenario(PLACE, PRESET, {"contract_share": 0.5}, "B"), "Li", "why"),
    "note": SavedScenario(FIRST.scenario, "Li", "why not"),
    "author": SavedScenario(FIRST.scenario, "Wu", "why"),
    "lever": SavedScenario(Scenario(PLACE, PRESET, {"contract_share": 0.6}, "A"), "Li", "why"),
    "preset": SavedScenario(
        Scenario(PLACE, "uk_integrated", {"contract_share": 0.5}, "A"), "Li", "why"
    ),
    "place": SavedScenario(
        Scenario("china_county", "china_dilemma", {"contract_share": 0.5}, "A"), "Li", "why"
    ),
}


@pytest.mark.parametrize("differs", OTHERS)
def test_two_scenarios_that_differ_in_one_thing_are_two(tmp_path, differs):
    other = OTHERS[differs]
    file = write_scenario_file(tmp_path / "a.json", [FIRST, other])
    table = collect_scenarios(file, years=1).scenarios
    assert table["scenario"].tolist() == [1, 2]
    for number, kept in enumerate((FIRST, other)):
        row = table.iloc[number]
        told = (row["author"], row["name"], row["note"], row["context"], row["preset"])
        scenario = kept.scenario
        assert told == (
            kept.author,
            scenario.name,
            kept.note,
            scenario.context,
            scenario.preset,
        )
        assert row["contract_share"] == scenario.levers["contract_share"]


def test_two_scenarios_that_agree_in_all_count_once_in_whatever_file_they_stand(tmp_path):
    write_scenario_file(tmp_path / "a.json", [FIRST, FIRST])
    (tmp_path / "late").mkdir()
    write_scenario_file(tmp_path / "late" / "b.json", [FIRST])
    # A lever that is named and stands where the preset has it changes nothing.
    same = dict(FIRST.scenario.changes) | {"surplus_kept_share": _preset("surplus_kept_share")}
    spelled = SavedScenario(Scenario(PLACE, PRESET, same, "A"), "Li", "why")
    write_scenario_file(tmp_path / "c.json", [spelled])
    table = collect_scenarios(tmp_path, years=1).scenarios
    assert table[["scenario", "file"]].values.tolist() == [[1, "a.json"]]


def _preset(lever: str) -> float:
    return Scenario(PLACE, PRESET).levers[lever]
