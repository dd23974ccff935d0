"""Held-out results scored fairly: one vote a study, beside a world without effects and chance.

Of each result its sign is asked, its size where the study gives an interval, and one proper score
of the whole range. The continuous ranked probability score (CRPS) judges a size and the Brier
score a direction; both are scaled so that *nothing happens* gets 1 where something did happen.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from carelab.engine import BASELINE_PRESETS, Place, place_at_rest
from carelab.evidence.registry import load_targets
from carelab.evidence.tables import read_table
from carelab.study.many.draws import drawn_names, drawn_place, hypercube, parameters_from
from carelab.study.trust.scoreboard import scoreboard_values

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, np.dtype[np.float64]]

RUNS = 500
SEED = 20261130
# A guess of fifty-fifty about a direction, by the Brier score.
_COIN = 0.25
FORECASTS = {
    "model": "The model at the values in use",
    "range": "Its range, 500 runs",
    "draws": "One random draw, on average",
    "nothing": "Nothing happens",
}


def crps(runs: "Array", seen: float) -> float:
    """Score a forecast that is a set of runs against what was seen; for one run, its distance.

    >>> import numpy as np
    >>> crps(np.array([2.0]), 5.0), crps(np.array([4.0, 6.0]), 5.0)
    (3.0, 0.5)
    """
    import numpy as np

    ordered, count = np.sort(runs), len(runs)
    weights = 2 * np.arange(1, count + 1) - count - 1
    return float(np.abs(runs - seen).mean() - (weights * ordered).sum() / count**2)


def asked_of(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Say what a target asks: kind (size, direction, no change), target, sign, scale, nothing."""
    nothing = 1.0 if row["measure"] == "ratio" else 0.0
    low, high = row["published_low"], row["published_high"]
    ends = row["tolerance_low"], row["tolerance_high"]
    if low == low:
        middle = (low + high) / 2
        half = (ends[1] - ends[0]) / 2 if ends[0] == ends[0] and ends[1] == ends[1] else 0.0
        sure = min(low, high) > nothing or max(low, high) < nothing
        sign = (1 if middle > nothing else -1) if sure else 0
        return {
            "kind": "size",
            "target": middle,
            "sign": sign,
            "scale": max(abs(middle - nothing), half),
            "nothing": nothing,
        }
    if ends[0] == ends[0] and ends[1] == ends[1]:
        scale = (ends[1] - ends[0]) / 2
        return {
            "kind": "no change",
            "target": sum(ends) / 2,
            "sign": 0,
            "scale": scale,
            "nothing": nothing,
        }
    rises = ends[0] == ends[0]
    end = ends[0] if rises else ends[1]
    if (end < nothing) if rises else (end > nothing):
        # Open on one side, and no effect at all would meet it.
        return {
            "kind": "no change",
            "target": nothing,
            "sign": 0,
            "scale": abs(end - nothing),
            "nothing": nothing,
        }
    sign = 1 if rises else -1
    return {"kind": "direction", "target": nothing, "sign": sign, "scale": 1.0, "nothing": nothing}


def _score(asked: Mapping[str, Any], runs: "Array") -> float:
    if asked["kind"] != "direction":
        return float(crps(runs, asked["target"]) / asked["scale"])
    side = asked["sign"] * (runs - asked["nothing"])
    # No effect says neither way, like a coin.
    right = (side > 0).mean() + (side == 0).mean() / 2
    return float((1 - right) ** 2 / _COIN)


def fair_scores_table(runs: int = RUNS, seed: int = SEED) -> "pd.DataFrame":
    """Score every published result that the engine addresses.

    Returns
    -------
    pandas.DataFrame
        One row a result: id, study, used_for, unit, kind, target, nothing, interval (its own: yes
        or no); low, median, high of the range (5, 50, 95 %), discrepancy (target less median) and
        covered (yes, no, or empty for a direction); and for each of model, range, draws, nothing
        ``sign_`` (share with the right sign), ``size_`` (share within the own interval) and
        ``score_`` (0 is best).
    """
    import numpy as np
    import pandas as pd

    rows = load_targets()
    rows = rows[rows["scenario"] != ""].reset_index(drop=True)
    ranges = {context: drawn_place(context, runs, seed) for context in BASELINE_PRESETS}
    chance = {context: _by_chance(context, runs, seed + 1) for context in BASELINE_PRESETS}
    central = scoreboard_values(rows)
    ranged, drawn = (scoreboard_values(rows, places) for places in (ranges, chance))
    scored = []
    for at, row in enumerate(rows.to_dict("records")):
        asked = asked_of(row)
        forecasts = {
            "model": central[at, :1],
            "range": ranged[at],
            "draws": drawn[at],
            "nothing": np.array([asked["nothing"]]),
        }
        low, median, high = np.quantile(ranged[at], [0.05, 0.5, 0.95])
        size = asked["kind"] != "direction"
        told = {
            "id": row["id"],
            "study": row["source"],
            "used_for": row["used_for"],
            "unit": row["unit"],
            "kind": asked["kind"],
            "target": asked["target"] if size else float("nan"),
            "nothing": asked["nothing"],
            "interval": "yes" if row["rule"] == "interval" else "no",
            "low": low,
            "median": median,
            "high": high,
            "discrepancy": asked["target"] - median if size else float("nan"),
            "covered": ("yes" if low <= asked["target"] <= high else "no") if size else "",
        }
        scored.append(told | _votes(row, asked, forecasts))
    return pd.DataFrame(scored)


def _by_chance(context: str, runs: int, seed: int) -> Place:
    """Return places whose every parameter is drawn by itself, whether they can exist or not."""
    unit = hypercube(runs, len(drawn_names(context)), seed)
    return place_at_rest(context, parameters_from(context, unit))


def _votes(
    row: Mapping[Any, Any], asked: Mapping[str, Any], forecasts: Mapping[str, "Array"]
) -> dict[str, float]:
    import numpy as np

    votes = {}
    for name, runs in forecasts.items():
        one_by_one = name == "draws"
        right = asked["sign"] * (runs - asked["nothing"]) > 0
        inside = (runs >= row["tolerance_low"]) & (runs <= row["tolerance_high"])
        votes[f"sign_{name}"] = float(right.mean()) if asked["sign"] else float("nan")
        votes[f"size_{name}"] = float(inside.mean()) if row["rule"] == "interval" else float("nan")
        each = np.array([_score(asked, runs[[at]]) for at in range(len(runs))]) if one_by_one else 0
        votes[f"score_{name}"] = float(np.mean(each)) if one_by_one else _score(asked, runs)
    # The range says a sign when most of its runs do, and a size by its median.
    if asked["sign"]:
        votes["sign_range"] = float(votes["sign_range"] > 0.5)
    if row["rule"] == "interval":
        middle = np.median(forecasts["range"])
        inside = row["tolerance_low"] <= middle <= row["tolerance_high"]
        votes["size_range"] = float(inside)
    return votes


def scored_rows(scores: "pd.DataFrame") -> "pd.DataFrame":
    """Keep the held-out rows, with what must be known of each before it is counted."""
    return scores[scores["used_for"] == "test"].merge(read_table("target_marks.csv"), on="id")


def score_by_study(rows: "pd.DataFrame") -> "pd.DataFrame":
    """Let each study have one vote, however many rows it has: the mean over its rows."""
    kept = [f"{part}_{name}" for part in ("sign", "size", "score") for name in FORECASTS]
    return rows.groupby("study", sort=False)[kept].mean()


def fair_scoreboard(rows: "pd.DataFrame") -> "pd.DataFrame":
    """Sum the votes of the studies up.

    Returns
    -------
    pandas.DataFrame
        One row a forecast: forecast, signs (right), of_signs (studies that give one), sizes (within
        their own interval), of_sizes, score (mean over studies, 0 is best), skill_nothing and
        skill_draws (1 is perfect, 0 no better).
    """
    import pandas as pd

    votes = score_by_study(rows)
    score = {name: votes[f"score_{name}"].mean() for name in FORECASTS}
    table = []
    for name, label in FORECASTS.items():
        signs, sizes = votes[f"sign_{name}"].dropna(), votes[f"size_{name}"].dropna()
        table.append(
            {
                "forecast": label,
                "signs": signs.sum(),
                "of_signs": len(signs),
                "sizes": sizes.sum(),
                "of_sizes": len(sizes),
                "score": score[name],
                "skill_nothing": 1 - score[name] / score["nothing"],
                "skill_draws": 1 - score[name] / score["draws"],
            }
        )
    return pd.DataFrame(table)


def coverage(scores: "pd.DataFrame") -> "pd.DataFrame":
    """Count the published sizes that lie in the middle nine tenths of the range, by use."""
    sizes = scores[scores["covered"] != ""]
    counted = sizes.assign(inside=sizes["covered"] == "yes").groupby("used_for")["inside"]
    return counted.agg(covered="sum", of="size").reset_index()
