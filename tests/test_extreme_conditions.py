"""What must be so under extreme conditions, asked of the engine wherever it applies."""

import pytest

from carelab.study.trust.facts import FACTS, GROUNDS


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.number}: {fact.sentence}")
def test_it_must_be_so_in_every_place_and_package_where_it_applies(fact):
    wrong = []
    for ground in fact.grounds:
        answer = fact.ask(ground)
        if fact.excused(ground):
            # An exception that holds after all would hide a fact.
            if answer.holds and answer.applies:
                wrong.append(f"{ground}: no exception any more: {answer.figures}")
        elif answer.applies and not answer.holds:
            wrong.append(f"{ground}: {answer.figures}")
        elif ground == fact.named and not answer.applies:
            wrong.append(f"{ground}: does not apply where its setting says")
    assert wrong == []


def test_every_ground_is_asked_and_every_exception_names_one():
    assert len(GROUNDS) == len(set(GROUNDS)) >= 24
    known = {name for ground in GROUNDS for name in (*ground, str(ground))}
    assert [name for fact in FACTS for name in fact.unless if name not in known] == []
    named = [fact for fact in FACTS if fact.named]
    assert all(set(fact.grounds) == set(GROUNDS) for fact in named)
    # Of the others each goes through all places itself.
    assert len(FACTS) - len(named) == 6
    assert all(not fact.excused(fact.named) or fact.exception for fact in FACTS)
