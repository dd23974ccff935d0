"""What must be so under extreme conditions, asked of the engine."""

import pytest

from carelab.study.trust.facts import FACTS


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: f"{fact.number}: {fact.sentence}")
def test_it_must_be_so(fact):
    answer = fact.ask()
    if fact.exception:
        assert not answer.holds, f"no exception any more: {answer.figures}"
    else:
        assert answer.holds, answer.figures
