"""carelab: an executable course and comparative study of integrated health care.

What a reader needs first, each loaded when it is first used:

- ``cases()``, ``claims()``, ``indicators()``, ``glossary()``, ``frames()``: tidy frames
- ``compare(cases, frame=...)``, ``differences(cases, frame=...)``: cases on published frames
- ``plot_heat_map``, ``plot_timeline``, ``plot_money_flow``, ``plot_governance``: figures with words
- ``case_presets(case)``: a case in the lab; ``qca``: combinations of conditions

A frame tells in ``attrs["data_version"]`` from which state of the data it was made; the command
``carelab --version`` prints the same name.

Read the layers from the bottom up:

- ``carelab.base``: find files, read manifests, checksums, interface words
- ``carelab.tracing``: record a model function; write JavaScript and LaTeX
- ``carelab.theory``: one closed-form incentive model per file
- ``carelab.evidence``: sources, claims, cases, indicators, parameters, glossary
- ``carelab.study``: comparison of cases
- ``carelab.plots``, ``carelab.lab``: draw (figures and tables; the lab)
- ``carelab.sphinx_ext``, ``carelab.cli``: the book and the commands

Examples
--------
>>> import carelab
>>> carelab.claims("hangzhou")["source"].unique().tolist()
['seed-001-hangzhou']
>>> carelab.indicators("Luohu, Shenzhen")["id"].tolist()[0]
'CN290'
>>> codes = carelab.cases("xiamen")
>>> codes[codes["item"] == "capability_programme"]["code"].tolist()
['partial']
>>> carelab.compare(["anhui", "luohu"], frame="who")["status"].tolist()[:2]
['silent', 'present']
>>> carelab.differences(["funan", "dingyuan"], frame="evaluation")["agreement"].tolist()
[0.5]
>>> len(carelab.claims().attrs["data_version"])
12
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from carelab.evidence.cases.presets import case_presets
    from carelab.evidence.registry import load_claims as claims
    from carelab.evidence.registry import load_frames as frames
    from carelab.evidence.registry import load_glossary as glossary
    from carelab.evidence.registry import load_indicators as indicators
    from carelab.plots.diagrams.flows import plot_governance, plot_money_flow
    from carelab.plots.diagrams.timelines import plot_timeline
    from carelab.plots.heat_map import plot_heat_map
    from carelab.study import qca
    from carelab.study.compare.frames import compare, differences
    from carelab.study.compare.tidy import case_codes as cases

__version__ = "0.1.0"
__all__ = [
    "case_presets",
    "cases",
    "claims",
    "compare",
    "differences",
    "frames",
    "glossary",
    "indicators",
    "plot_governance",
    "plot_heat_map",
    "plot_money_flow",
    "plot_timeline",
    "qca",
]

_WHERE = {
    "case_presets": ("carelab.evidence.cases.presets", "case_presets"),
    "cases": ("carelab.study.compare.tidy", "case_codes"),
    "claims": ("carelab.evidence.registry", "load_claims"),
    "compare": ("carelab.study.compare.frames", "compare"),
    "differences": ("carelab.study.compare.frames", "differences"),
    "frames": ("carelab.evidence.registry", "load_frames"),
    "glossary": ("carelab.evidence.registry", "load_glossary"),
    "indicators": ("carelab.evidence.registry", "load_indicators"),
    "plot_governance": ("carelab.plots.diagrams.flows", "plot_governance"),
    "plot_heat_map": ("carelab.plots.heat_map", "plot_heat_map"),
    "plot_money_flow": ("carelab.plots.diagrams.flows", "plot_money_flow"),
    "plot_timeline": ("carelab.plots.diagrams.timelines", "plot_timeline"),
    "qca": ("carelab.study.compare.qca", ""),
}


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is asked for (PEP 562)."""
    if name not in _WHERE:
        raise AttributeError(f"module 'carelab' has no attribute {name!r}")
    module, attribute = _WHERE[name]
    loaded = import_module(module)
    return getattr(loaded, attribute) if attribute else loaded


def __dir__() -> list[str]:
    """List what can be asked for."""
    return sorted([*__all__, "__all__", "__doc__", "__version__"])
