"""What each directional claim was called under the engine before, what now, and why it changed."""

from typing import TYPE_CHECKING

from carelab.base import CarelabError, firmness_of, word
from carelab.evidence.tables import read_table
from carelab.study.trust.stored_tables import stored_table

if TYPE_CHECKING:
    import pandas as pd


def verdict_changes(signs: "pd.DataFrame | None" = None) -> "pd.DataFrame":
    """Set the verdict on each claim under the engine before beside that of today.

    Returns
    -------
    pandas.DataFrame
        One row a claim, levers as the preset has them: claim, text, before, now (words of
        `carelab.base.firmness_of`), why (empty where the word is the same).

    Examples
    --------
    >>> verdict_changes().columns.tolist()
    ['claim', 'text', 'before', 'now', 'why']
    """
    now = (stored_table("robustness") if signs is None else signs).query("levers == 'preset'")
    old = read_table("verdicts_before.csv")
    both = now.merge(old, on="claim", suffixes=("", "_before"), how="outer", indicator="side")
    alone = both.loc[both["side"] != "both", "claim"].tolist()
    if alone:
        raise CarelabError(f"claim '{alone[0]}' stands only in one of two tables of verdicts")
    both = now[["claim"]].merge(both, on="claim")
    counts = zip(
        both["holds_before"], both["draws_before"], both["by_construction_before"], strict=True
    )
    words = [firmness_of(int(held), int(runs), sure == "yes") for held, runs, sure in counts]
    both["before"] = [word(f"firmness.{each}") for each in words]
    both["now"] = [word(f"firmness.{each}") for each in both["firmness"]]
    both["why"] = both["why"].where(both["before"] != both["now"], "")
    return both[["claim", "text", "before", "now", "why"]]


def claims_by_word(changes: "pd.DataFrame") -> "pd.DataFrame":
    """Count the claims by word, before and now."""
    counted = {side: changes[side].value_counts() for side in ("before", "now")}
    order = [word(f"firmness.{each}") for each in ("identity", "firm", "likely", "open", "against")]
    table = changes[["before"]].head(0).assign(**counted)
    return table.reindex(order).fillna(0).astype(int).rename_axis("word").reset_index()
