"""How far two coders of the same case agree, beyond what chance would give."""

from typing import TYPE_CHECKING

from carelab.evidence.cases.model import AXES, MECHANISMS, SILENT
from carelab.evidence.registry import load_recoding

if TYPE_CHECKING:
    import pandas as pd


def cohens_kappa(first: "pd.Series[str]", second: "pd.Series[str]") -> float:
    """Return the agreement of two coders beyond chance.

    Parameters
    ----------
    first, second : pandas.Series of str
        Code of each coder, in the same order.

    Returns
    -------
    float
        1 for full agreement, 0 for what chance gives; missing where both used one code only.

    Examples
    --------
    >>> import pandas as pd
    >>> one, two = pd.Series([*"aabb"]), pd.Series([*"abbb"])
    >>> cohens_kappa(one, two)
    0.5
    """
    agreed = float((first == second).mean())
    shares = first.value_counts(normalize=True), second.value_counts(normalize=True)
    chance = float(shares[0].mul(shares[1], fill_value=0.0).sum())
    return float("nan") if chance == 1.0 else round((agreed - chance) / (1.0 - chance), 12)


def coder_agreement() -> "pd.DataFrame":
    """Compare the two codings of every case that was coded twice.

    Returns
    -------
    pandas.DataFrame
        A row per case and one for all. Columns case; codes (mechanisms and axes of evaluation
        that both coders coded); same (how many agree); share; kappa (Cohen's, over the statuses
        and directions); kappa_spoken (the same question as yes or no: does the source speak?).

    Examples
    --------
    >>> coder_agreement().set_index("case").loc["sanming", ["codes", "same"]].tolist()
    [18, 18]
    """
    import pandas as pd

    rows = load_recoding()
    rows = rows[rows["field"].isin([*MECHANISMS, *AXES])]
    parts = {**dict(iter(rows.groupby("case", sort=False))), "all": rows}
    found = []
    for case, part in parts.items():
        first, second = part["first"], part["second"]
        same = int((first == second).sum())
        spoken = [(codes == SILENT).astype(str) for codes in (first, second)]
        kappas = cohens_kappa(first, second), cohens_kappa(*spoken)
        found.append((case, len(part), same, same / len(part), *kappas))
    columns = ["case", "codes", "same", "share", "kappa", "kappa_spoken"]
    return pd.DataFrame(found, columns=columns)


def claim_agreement() -> "pd.DataFrame":
    """Compare the two codings of the claims that were coded twice.

    Returns
    -------
    pandas.DataFrame
        A row per question. Columns field (support: does the document say what the claim says, as
        it says it?; kind, case and class of the claim); claims; same (how many agree); share;
        kappa (Cohen's; missing where one coder gave a single answer, as the first does by
        writing a claim down).

    Examples
    --------
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
