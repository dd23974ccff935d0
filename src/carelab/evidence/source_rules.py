"""What a row may take from its source: the grade it may have, and only the last version."""

from pathlib import Path

from carelab.evidence.registry import load_sources
from carelab.evidence.tables import read_table
from carelab.evidence.vocabulary import BEST_GRADE

# Tables of figures that carry a grade, and all that name a source.
GRADED = ("indicators.csv", "common_indicators.csv")
_CITING = (*GRADED, "claims.csv", "policy_timeline.csv", "parameters.csv", "targets.csv")


def unfounded_rows(folder: Path | None = None) -> list[str]:
    """List rows that claim more than the reading of their source allows.

    >>> unfounded_rows()
    []
    """
    sources = load_sources(folder).set_index("key")
    problems = []
    for file in GRADED:
        for _, row in read_table(file, folder).iterrows():
            read_as = sources["read_as"].get(row["source"], "full_text")
            if row["grade"] < BEST_GRADE[read_as]:
                problems.append(
                    f"'{row['id']}' in {file} has grade {row['grade']}, but its source"
                    f" '{row['source']}' was read as {read_as}; the best allowed is"
                    f" {BEST_GRADE[read_as]}"
                )
    later = sources["superseded_by"]
    for key, successor in later[later != ""].items():
        if successor not in sources.index:
            problems.append(f"'{key}' in sources.csv is superseded by '{successor}', no source")
        for file in _CITING:
            cited = read_table(file, folder)["source"] == str(key)
            if cited.any():
                problems.append(f"{file} cites '{key}', which '{successor}' replaced")
    return problems
