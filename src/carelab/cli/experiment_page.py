"""The report of a policy experiment: one HTML file that asks nobody for anything."""

import html
from pathlib import Path
from typing import TYPE_CHECKING

from carelab import __version__
from carelab.base import book_language, file_sha256, word
from carelab.base.numbers import format_number, with_unit
from carelab.base.palette import paint
from carelab.engine import MODEL_VERSION
from carelab.evidence.cases.presets import own_presets
from carelab.plots.experiments import (
    label_of,
    plot_lever_profile,
    plot_outcome_ranges,
    scale_of,
)
from carelab.plots.tables import show_table
from carelab.study.many.experiment import (
    arm_folder,
    lever_effects,
    lever_profile,
    outcome_ranges,
    strongest_lever,
)
from carelab.study.many.sweep import read_plan

if TYPE_CHECKING:
    import pandas as pd

    from carelab.study.many.experiment import Experiment

_STYLES = Path(__file__).with_name("experiment_page.css")


def _number(name: str, value: float) -> str:
    factor, unit, _ = scale_of(name)
    text = format_number(value * factor, ".4g")
    return with_unit(text, "share") if unit == "%" else text


def _how(experiment: "Experiment", name: str) -> str:
    if name in experiment.ranges:
        low, high = (_number(name, value) for value in experiment.ranges[name])
        return word("experiment.how_drawn", low=low, high=high)
    values = [_number(name, value) for value in experiment.steps[name]]
    if len(values) == 1:
        return word("experiment.how_held", value=values[0])
    return word("experiment.how_steps", values=word("plot.comma").join(values))


def _levers(experiment: "Experiment", names: "list[str]") -> str:
    return "; ".join(f"{label_of(name)}, {_how(experiment, name)}" for name in names)


def methods_paragraph(experiment: "Experiment", folder: Path, file: Path) -> str:
    """Write how the experiment was done, for the methods section of a paper."""
    hashes = [read_plan(arm_folder(folder, *arm)).model_sha256[:12] for arm in experiment.arms]
    proof = word(
        "experiment.methods_hash",
        hashes=word("plot.comma").join(hashes),
        file=file_sha256(file)[:12],
    )
    rest = word("experiment.methods_rest")
    own = _own_sentences(experiment)
    return " ".join([_run_sentence(experiment), *own, *_lever_sentences(experiment), rest, proof])


def _own_sentences(experiment: "Experiment") -> list[str]:
    """Say what each case of the reader's own sets: nobody else can look it up."""
    offered, _ = own_presets("care_economy")
    return [
        word(
            "experiment.methods_own",
            preset=label_of(preset),
            settings=word("plot.comma").join(
                f"{label_of(name)} {_number(name, value)}"
                for name, value in offered[preset].values.items()
            ),
        )
        for preset in experiment.presets
        if preset in offered
    ]


def _run_sentence(experiment: "Experiment") -> str:
    comma, arms = word("plot.comma"), experiment.arms
    return word(
        "experiment.methods_run",
        version=__version__,
        model=MODEL_VERSION,
        years=experiment.years,
        places=comma.join(word(f"place.{context}") for context in experiment.contexts),
        presets=comma.join(label_of(preset) for preset in experiment.presets),
        arms=len(arms),
        scenarios=f"{experiment.scenarios:,}",
        total=f"{experiment.scenarios * len(arms):,}",
    )


def _lever_sentences(experiment: "Experiment") -> list[str]:
    groups = {
        "steps": [name for name, values in experiment.steps.items() if len(values) > 1],
        "drawn": list(experiment.ranges),
        "held": [name for name, values in experiment.steps.items() if len(values) == 1],
    }
    draws, seed = experiment.draws, experiment.seed
    return [
        word(f"experiment.methods_{kind}", levers=_levers(experiment, each), draws=draws, seed=seed)
        for kind, each in groups.items()
        if each
    ]


def _design(experiment: "Experiment") -> str:
    import pandas as pd

    names = [*experiment.steps, *experiment.ranges]
    rows = [(label_of(name), _how(experiment, name)) for name in names]
    heads = [word("experiment.levers"), word("experiment.varied_how")]
    table = pd.DataFrame(rows, columns=heads)
    return show_table(table, word("experiment.design_table"))._repr_html_()


def _last_year(experiment: "Experiment", ranges: "pd.DataFrame") -> str:
    last = ranges[ranges["year"] == experiment.years].copy()
    bounds = ["low", "middle", "high"]
    for column in bounds:
        cells = zip(last["outcome"], last[column], strict=True)
        last[column] = [_number(name, value) for name, value in cells]
    last["preset"] = last["preset"].map(label_of)
    last["context"] = last["context"].map(lambda each: word(f"place.{each}"))
    last["outcome"] = last["outcome"].map(label_of)
    names = {each: word(f"experiment.{each}") for each in bounds}
    heads = dict.fromkeys(("outcome", "preset", "context"), "") | names
    return show_table(last, word("experiment.ranges_table"), heads)._repr_html_()


def _effects(effects: "pd.DataFrame") -> str:
    strength = effects["rank_correlation"].abs()
    effects = effects.assign(place=effects.groupby(["outcome", "preset"], sort=False).ngroup())
    effects = effects.assign(strength=-strength).sort_values(["place", "strength"], kind="stable")
    table = effects.assign(
        lever=effects["lever"].map(label_of),
        outcome=effects["outcome"].map(label_of),
        preset=effects["preset"].map(label_of),
        context=effects["context"].map(lambda each: word(f"place.{each}")),
        rank_correlation=effects["rank_correlation"].round(2),
    )
    columns = ["outcome", "lever", "preset", "context", "rank_correlation"]
    return show_table(table, word("experiment.effects_table"), columns)._repr_html_()


def _figures(experiment: "Experiment", folder: Path, ranges: "pd.DataFrame") -> list[str]:
    effects = lever_effects(experiment, folder)
    parts = [_last_year(experiment, ranges)]
    for outcome in experiment.outcomes:
        parts.append(f"<h3>{html.escape(label_of(outcome))}</h3>")
        lever = strongest_lever(effects, outcome) if experiment.varied else None
        for context in experiment.contexts:
            parts.append(plot_outcome_ranges(ranges, context, outcome)._repr_html_())
            if lever:
                profile = lever_profile(experiment, folder, outcome, lever)
                picture = plot_lever_profile(profile, context, outcome, lever)
                parts.append(picture._repr_html_())
        if lever is None:
            still = word("experiment.still", label=label_of(outcome))
            parts.append(f"<p>{html.escape(still)}</p>")
    return [*parts, _effects(effects)] if experiment.varied else parts


def _section(key: str, *parts: str) -> str:
    return f"<section><h2>{html.escape(word(f'experiment.{key}'))}</h2>{''.join(parts)}</section>"


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"


def experiment_page(experiment: "Experiment", folder: Path, file: Path) -> str:
    """Write the report."""
    author = experiment.author or word("experiment.no_author")
    named = {"author": author, "title": experiment.title, "version": __version__}
    source = file.read_text(encoding="utf-8-sig")
    ranges = outcome_ranges(experiment, folder)
    parts = [
        _paragraph(word("experiment.author", author=author)),
        _section("question", _paragraph(experiment.question)) if experiment.question else "",
        _section("methods", _paragraph(methods_paragraph(experiment, folder, file))),
        _section("levers", _design(experiment)),
        _section("results", *_figures(experiment, folder, ranges)),
        _section("limits", _paragraph(word("experiment.limits_text"))),
        _section("cite", _paragraph(word("experiment.cite_text", None, **named))),
        _section("file", f'<pre tabindex="0">{html.escape(source)}</pre>'),
    ]
    title = html.escape(experiment.title)
    language = {"zh": "zh-CN"}.get(book_language(), "en")
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{paint(_STYLES.read_text(encoding='utf-8'))}</style></head>"
        f"<body><main><h1>{title}</h1>{''.join(parts)}</main></body></html>\n"
    )
