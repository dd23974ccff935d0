"""The lab as a widget: the same front end in JupyterLab and on the static page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import anywidget
import traitlets

from carelab.provenance import CarelabError
from carelab.theory import MODELS
from carelab.widgets.bundle import live_script, styles
from carelab.widgets.configuration import RETENTION_LAB, build_configuration
from carelab.widgets.fallback import static_html


class CareLab(anywidget.AnyWidget):
    """An incentive lab.

    Parameters
    ----------
    question : str
        The one question above the levers.
    figure : object with ``_repr_html_``, optional
        Static figure for readers without JavaScript and for print.
    **choices : str or tuple of str
        Any field of `carelab.widgets.configuration.LabChoice`.

    Attributes
    ----------
    levers : dict of str to float
        Present settings, in both directions: set it from Python and the page moves; move a
        lever and it changes here.

    Examples
    --------
    >>> lab = CareLab(question="Who gains?")
    >>> lab.set(contract_share=0.9, leakage_charged_share=1.0)
    >>> round(lab.outcomes["felt_share"], 12)
    0.54
    """

    config = traitlets.Dict().tag(sync=True)
    levers = traitlets.Dict().tag(sync=True)

    def __init__(self, question: str, figure: object | None = None, **choices: Any) -> None:
        choice = replace(RETENTION_LAB, question=question, **choices)
        config = build_configuration(choice)
        self._figure = figure
        opening = {lever["name"]: lever["opening"] for lever in config["levers"]}
        # Set here and not on the class: nothing is joined or traced at import.
        self._esm = live_script()
        self._css = styles()
        super().__init__(config=config, levers=opening)

    @traitlets.validate("levers")
    def _check_levers(self, proposal: Mapping[str, Any]) -> dict[str, float]:
        known = {lever["name"]: lever for lever in self.config["levers"]}
        for name, value in proposal["value"].items():
            if name not in known:
                raise CarelabError(f"lever '{name}' is unknown; known are {', '.join(known)}")
            low, high = known[name]["low"], known[name]["high"]
            if not isinstance(value, (int, float)) or not low <= value <= high:
                raise CarelabError(f"lever '{name}' is {value!r}; allowed is {low:g} to {high:g}")
        present = {name: each["opening"] for name, each in known.items()} | self.levers
        return {name: float(proposal["value"].get(name, present[name])) for name in known}

    def set(self, **levers: float) -> None:
        """Move levers; the others stay.

        Parameters
        ----------
        **levers : float
            Lever name to value.

        Raises
        ------
        CarelabError
            When a lever is unknown or out of range; nothing moves.
        """
        self.levers = {**self.levers, **levers}

    def _run(self, levers: Mapping[str, float]) -> dict[str, float]:
        return MODELS[self.config["model"]].run(**self.config["parameters"], **levers)

    @property
    def outcomes(self) -> dict[str, float]:
        """What follows from the present settings, computed in Python."""
        return self._run(self.levers)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return the live view and, for a static page, the same lab as HTML."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        figure = getattr(self._figure, "_repr_html_", lambda: "")()
        page = static_html(self.config, self.outcomes, self._run(self.config["reference"]), figure)
        return {**data, "text/html": page}, metadata
