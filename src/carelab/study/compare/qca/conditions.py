"""Codes of cases as set memberships, with the evidence behind each and silence made plain."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from carelab.base import CarelabError
from carelab.evidence.cases.files import AXES, MECHANISMS, SILENT
from carelab.evidence.tables import read_table
from carelab.study.compare.comparison import Cases, select_cases

if TYPE_CHECKING:
    import pandas as pd

CONDITIONS = (
    "pooled_money",
    "surplus_kept",
    "leakage_charge",
    "merged_governance",
    "capability_programme",
    "shared_information",
)
SILENCE = ("drop", "absent", "present")


def load_calibration() -> "pd.DataFrame":
    """Load which membership each status and direction stands for, with the range to try.

    >>> load_calibration().set_index("status").loc["partial", "membership"]
    np.float64(0.67)
    """
    return read_table("calibration.csv")


def condition_codes(
    cases: Cases = None, conditions: Sequence[str] = CONDITIONS, outcome: str = "resource_use"
) -> "pd.DataFrame":
    """List what each case has and what came of it, with ids and memberships.

    >>> condition_codes(["youxi"], ["surplus_kept"])[["set", "status"]].to_numpy().tolist()
    [['surplus_kept', 'silent'], ['resource_use', 'improved']]
    """
    import pandas as pd

    for name in conditions:
        if name not in MECHANISMS:
            raise CarelabError(f"condition '{name}' is unknown; known are {', '.join(MECHANISMS)}")
    if outcome not in AXES:
        raise CarelabError(f"outcome '{outcome}' is unknown; known are {', '.join(AXES)}")
    rows = []
    for case in select_cases(cases):
        coded = [(name, "condition", case.mechanisms[name]) for name in conditions]
        coded.append((outcome, "outcome", case.evaluation[outcome]))
        rows += [(case.id, set_, role, c.text, "; ".join(c.claims)) for set_, role, c in coded]
    codes = pd.DataFrame(rows, columns=["case", "set", "role", "status", "claims"])
    known = load_calibration().set_index("status")["membership"]
    return codes.assign(membership=codes["status"].map(known))


def memberships(
    codes: "pd.DataFrame", silence: str = "drop", changed: Mapping[str, float] | None = None
) -> "pd.DataFrame":
    """Lay codes out as memberships, one row per case, and decide what silence means.

    >>> codes = condition_codes(["luohu", "sanming"], ["surplus_kept"])
    >>> memberships(codes).to_numpy().tolist()
    [[1.0, 1.0], [1.0, 0.4]]
    """
    if silence not in SILENCE:
        raise CarelabError(f"silence is '{silence}'; allowed are {', '.join(SILENCE)}")
    lacking = [
        name for name in ("case", "set", "role", "status", "membership") if name not in codes
    ]
    if lacking or codes.empty:
        what = f"lack '{lacking[0]}'" if lacking else "are empty"
        raise CarelabError(f"the codes {what}; make them with condition_codes")
    values = codes["membership"]
    if changed:
        values = codes["status"].map(changed).fillna(values)
    if silence != "drop":
        unsaid = (codes["status"] == SILENT) & (codes["role"] == "condition")
        values = values.mask(unsaid, float(silence == "present"))
    wide = codes.assign(membership=values).pivot(index="case", columns="set", values="membership")
    order = list(dict.fromkeys(codes["set"]))
    cases = list(dict.fromkeys(codes["case"]))
    return wide.loc[cases, order].dropna().rename_axis(columns=None)
