"""How far two coders of the same case agree, beyond what chance would give."""

from typing import TYPE_CHECKING

from carelab.base import CarelabError
from carelab.evidence.cases.model import AXES, MECHANISMS, SILENT
from carelab.evidence.registry import load_recoding

if TYPE_CHECKING:
    import pandas as pd


def cohens_kappa(first: "pd.Series[str]", second: "pd.Series[str]") -> float:
    """Return the agreement of two coders beyond chance.

    >>> import pandas as pd
    >>> one, two = pd.Series([*"aabb"]), pd.Series([*"abbb"])
    >>> cohens_kappa(one, two)
    0.5
    """
    agreed = float((first == second).mean())
    shares = first.value_counts(normalize=True), second.value_counts(normalize=True)
    chance = float(shares[0].mul(shares[1], fill_value=0.0).sum())
    return float("nan") if chance == 1.0 else round((agreed - chance) / (1.0 - chance), 12)


def coder_agreement(by: str = "case") -> "pd.DataFrame":
    """Compare the two codings of every case that was coded twice.

    >>> found = coder_agreement("field").set_index("field")
    >>> bool(found.loc["all", "codes"] == found.drop("all")["codes"].sum())
    True
    """
    import pandas as pd

    if by not in ("case", "field"):
        raise CarelabError(f"by is '{str(by)[:60]}'; allowed are case, field")
    rows = load_recoding()
    rows = rows[rows["field"].isin([*MECHANISMS, *AXES])]
    parts = {**dict(iter(rows.groupby(by, sort=False))), "all": rows}
    found = []
    for name, part in parts.items():
        first, second = part["first"], part["second"]
        same = int((first == second).sum())
        spoken = [(codes == SILENT).astype(str) for codes in (first, second)]
        kappas = cohens_kappa(first, second), cohens_kappa(*spoken)
        found.append((name, len(part), same, same / len(part), *kappas))
    columns = [by, "codes", "same", "share", "kappa", "kappa_spoken"]
    return pd.DataFrame(found, columns=columns)


def claim_agreement() -> "pd.DataFrame":
    """Compare the two codings of the claims that were coded twice.

    >>> claim_agreement()["field"].tolist()
    ['support', 'kind', 'case', 'class']
    """
    import pandas as pd

    found = []
    for field, part in load_recoding(claims=True).groupby("field", sort=False):
        first, second = part["first"], part["second"]
        same = int((first == second).sum())
        kappa = cohens_kappa(first, second) if first.nunique() > 1 else float("nan")
        found.append((field, len(part), same, same / len(part), kappa))
    return pd.DataFrame(found, columns=["field", "claims", "same", "share", "kappa"])
