"""Loaders of the evidence tables: one file, one loader, one manifest."""

from pathlib import Path
from typing import TYPE_CHECKING

from carelab.base import CarelabError
from carelab.evidence.tables import is_built_in_case, only_rows, read_table

if TYPE_CHECKING:
    import pandas as pd


def load_sources(folder: Path | None = None) -> "pd.DataFrame":
    """Load the sources: one row per document, what is not known marked ``unknown``.

    Parameters
    ----------
    folder : Path, optional
        Another data folder.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``sources.csv.yml``; ``key`` is unique.

    Examples
    --------
    >>> int(load_sources()["kind"].str.startswith("seed").sum())
    5
    """
    return read_table("sources.csv", folder)


def load_claims(case: str | None = None, folder: Path | None = None) -> "pd.DataFrame":
    """Load what the seed documents say, in our words, one assertion a row.

    Parameters
    ----------
    case : str, optional
        Keep the claims that speak of one case by name. What a document says in general, such as
        of tight county communities wherever they are, is ``general``.
    folder : Path, optional
        Another data folder.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``claims.csv.yml``; ``id`` is unique. ``speaker`` asserts what ``text`` says
        of ``case``; ``kind`` tells a fact from a prescription.

    Raises
    ------
    CarelabError
        When no claim belongs to the case.

    Examples
    --------
    >>> set(load_claims("hangzhou")["source"])
    {'seed-001-hangzhou'}
    """
    claims = read_table("claims.csv", folder)
    about = claims["case"].unique()
    if isinstance(case, str) and case not in about and is_built_in_case(case):
        raise CarelabError(
            f"no claim of a seed document is about the case '{case}'; what it rests on stands in"
            f" the column 'claims' of carelab.cases('{case}'); seeds speak about {', '.join(about)}"
        )
    return only_rows(claims, "case", case)


def load_indicators(place: str | None = None, folder: Path | None = None) -> "pd.DataFrame":
    """Load graded published figures.

    Parameters
    ----------
    place : str, optional
        Keep figures of one place only.
    folder : Path, optional
        Another data folder.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``indicators.csv.yml``; ``value`` in ``unit``, ``grade`` A to D.

    Examples
    --------
    >>> load_indicators().set_index("id").loc["CN046", "value"]
    np.float64(94.0)
    """
    return only_rows(read_table("indicators.csv", folder), "place", place)


def load_common_indicators(place: str | None = None, folder: Path | None = None) -> "pd.DataFrame":
    """Load the same measures for the United Kingdom, England and China.

    Parameters
    ----------
    place : str, optional
        Keep the rows of one place only.
    folder : Path, optional
        Another data folder.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``common_indicators.csv.yml``; ``value`` is NaN where none was found.

    Examples
    --------
    >>> load_common_indicators("China").set_index("id").loc["older_people_cn", "value"]
    np.float64(15.4)
    """
    return only_rows(read_table("common_indicators.csv", folder), "place", place)


def load_timeline(case: str | None = None, folder: Path | None = None) -> "pd.DataFrame":
    """Load dated events, earliest first.

    Parameters
    ----------
    case : str, optional
        Keep the events of one case only.
    folder : Path, optional
        Another data folder.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``policy_timeline.csv.yml``; ``date`` as precise as its source.

    Examples
    --------
    >>> load_timeline()["date"].is_monotonic_increasing
    True
    """
    events = only_rows(read_table("policy_timeline.csv", folder), "case", case)
    return events.sort_values("date", kind="stable", ignore_index=True)


def load_glossary(folder: Path | None = None) -> "pd.DataFrame":
    """Load the terms of the course in English and Chinese.

    Parameters
    ----------
    folder : Path, optional
        Another data folder.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``glossary.csv.yml``; sorted by the English term.

    Examples
    --------
    >>> load_glossary().set_index("id").loc["capitation", "term_zh"] != ""
    True
    """
    terms = read_table("glossary.csv", folder)
    return terms.sort_values("term_en", key=lambda text: text.str.lower(), ignore_index=True)


def load_levers(model: str | None = None, folder: Path | None = None) -> "pd.DataFrame":
    """Load what a student can move: ranges, defaults, what low and high mean, sources.

    Parameters
    ----------
    model : str, optional
        Keep the levers of one model only.
    folder : Path, optional
        Another data folder.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``levers.csv.yml``.

    Examples
    --------
    >>> load_levers("retention")["name"].tolist()[0]
    'contract_share'
    """
    return only_rows(read_table("levers.csv", folder), "model", model)


def load_parameters(context: str | None = None, folder: Path | None = None) -> "pd.DataFrame":
    """Load what describes a place: each value with unit, range, class and source.

    Parameters
    ----------
    context : str, optional
        Keep the parameters of one context only.
    folder : Path, optional
        Another data folder.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``parameters.csv.yml``.

    Examples
    --------
    >>> "case_price" in set(load_parameters("teaching_county")["name"])
    True
    """
    return only_rows(read_table("parameters.csv", folder), "context", context)


def load_presets(model: str | None = None, folder: Path | None = None) -> "pd.DataFrame":
    """Load the lever settings of each preset, one lever a row.

    Parameters
    ----------
    model : str, optional
        Keep the presets of one model only.
    folder : Path, optional
        Another data folder.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``presets.csv.yml``.

    Examples
    --------
    >>> load_presets("retention")["preset"].unique().tolist()[0]
    'fee_for_service'
    """
    return only_rows(read_table("presets.csv", folder), "model", model)


def load_quantities(model: str | None = None, folder: Path | None = None) -> "pd.DataFrame":
    """Load the names of what a model computes: symbol, unit, labels.

    Parameters
    ----------
    model : str, optional
        Keep the quantities of one model only.
    folder : Path, optional
        Another data folder.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``quantities.csv.yml``.

    Examples
    --------
    >>> "retention_gain" in set(load_quantities("retention")["name"])
    True
    """
    return only_rows(read_table("quantities.csv", folder), "model", model)


def load_recoding(folder: Path | None = None, claims: bool = False) -> "pd.DataFrame":
    """Load how two coders of the same case agreed, and how they settled what they did not.

    Parameters
    ----------
    folder : Path, optional
        Another data folder.
    claims : bool
        Load the codings of single claims, which lie in the same file, instead of those of cases.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``recoding.csv.yml``.

    Examples
    --------
    >>> sorted(load_recoding(claims=True)["field"].unique().tolist())
    ['case', 'class', 'kind', 'support']
    >>> "anhui" in set(load_recoding()["case"])
    True
    """
    rows = read_table("recoding.csv", folder)
    of_claims = rows["case"].str.match(r"S\d")
    return rows[of_claims == claims].reset_index(drop=True)


def load_roles(context: str | None = None, folder: Path | None = None) -> "pd.DataFrame":
    """Load who holds which lever; a lever has at most one holder in a place.

    >>> roles = load_roles("china_county").set_index("lever")["role"]
    >>> roles["contract_share"], roles["mentoring_offered_share"]
    ('insurer', 'hospital')
    """
    return only_rows(read_table("roles.csv", folder), "context", context)


def load_targets(used_for: str | None = None, folder: Path | None = None) -> "pd.DataFrame":
    """Load the published results against which the care economy is scored.

    >>> set(load_targets("fit")["used_for"])
    {'fit'}
    """
    return only_rows(read_table("targets.csv", folder), "used_for", used_for)


CODEBOOK = "codebook"
FRAMES = ("rainbow", "who", "holistic", "evaluation")


def load_frames(frame: str | None = None, folder: Path | None = None) -> "pd.DataFrame":
    """Load the dimensions of the frames.

    Parameters
    ----------
    frame : str, optional
        Keep one frame: ``rainbow``, ``who``, ``holistic`` or ``evaluation``.
    folder : Path, optional
        Another data folder.

    Returns
    -------
    pandas.DataFrame
        Columns as in ``frames.csv.yml``, in the order of each source.

    Raises
    ------
    CarelabError
        When the frame is unknown.

    Examples
    --------
    >>> load_frames("who")["dimension"].tolist()[0]
    'engage_people'
    """
    frames = read_table("frames.csv", folder)
    if frame is None:
        return frames
    if frame not in FRAMES:
        raise CarelabError(f"frame '{frame}' is unknown; known are {', '.join(FRAMES)}")
    return frames[frames["frame"] == frame].reset_index(drop=True)
