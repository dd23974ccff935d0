"""The lab as a widget: the same front end in JupyterLab and on the static page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from carelab.base import CarelabError, book_language, word
from carelab.base.levers import check_levers
from carelab.engine import Scenario, yearly_outcomes
from carelab.lab.bundle import live_script, live_styles
from carelab.lab.economy_lab import (
    EconomyChoice,
    check_moved,
    economy_configuration,
    fallback_rows,
    results_at,
    scenario_from,
)
from carelab.lab.fallback import hospital_rows, static_html, text_table
from carelab.lab.hospital_lab import HOSPITAL_LAB, hospital_configuration
from carelab.theory import MODELS

if TYPE_CHECKING:
    import pandas as pd


class CareLab(anywidget.AnyWidget):
    """An incentive lab: of the care economy when it is given a scenario, else of one hospital.

    Parameters
    ----------
    question : str
        The one question above the levers.
    scenario : Scenario, optional
        Place, preset and changes with which a lab of the care economy opens.
    figure : object with ``_repr_html_``, optional
        Static figure for readers without JavaScript and for print.
    **choices : Any
        Any field of `carelab.lab.economy_lab.EconomyChoice`, or, without a scenario, of
        `carelab.lab.hospital_lab.HospitalChoice`.

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
    >>> lab = CareLab(question="Who gains?", scenario=Scenario("china_county", "anhui"))
    >>> lab.set(leakage_charged_share=0.0)
    >>> lab.scenario.to_text()
    'carelab/2/china_county/anhui/leakage_charged_share=0'
    """

    config = traitlets.Dict().tag(sync=True)
    levers = traitlets.Dict().tag(sync=True)
    scenario_text = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        question: str,
        figure: object | None = None,
        scenario: Scenario | None = None,
        **choices: Any,
    ) -> None:
        self._figure = figure
        self._choice = scenario and EconomyChoice(question, scenario, **choices)
        if self._choice:
            config = economy_configuration(self._choice) | {"language": book_language()}
            opening = dict(self._choice.scenario.levers)
            text = self._choice.scenario.to_text()
        else:
            config = hospital_configuration(replace(HOSPITAL_LAB, question=question, **choices))
            opening = dict(config["presets"][config["opening"]])
            text = ""
        # Set here and not on the class: nothing is joined or traced at import.
        self._esm = live_script()
        self._css = live_styles()
        super().__init__(config=config, levers=opening, scenario_text=text)

    @traitlets.validate("scenario_text")
    def _check_text(self, proposal: Mapping[str, Any]) -> str:
        text = str(proposal["value"])
        if self._choice:
            Scenario.from_text(text)
        return text

    @traitlets.observe("levers")
    def _follow_levers(self, change: Mapping[str, Any]) -> None:
        """Keep the text true to the levers, whichever side moved them."""
        if self._choice and self.scenario_text:
            self.scenario_text = self.scenario.to_text()

    @traitlets.validate("levers")
    def _check_levers(self, proposal: Mapping[str, Any]) -> dict[str, float]:
        if self._choice:
            moved = check_moved(proposal["value"])
            return {**self._choice.scenario.levers, **self.levers, **moved}
        check_levers(proposal["value"], self.config["model"])
        opening = self.config["presets"][self.config["opening"]]
        return {
            name: float(value)
            for name, value in (opening | self.levers | proposal["value"]).items()
            if name in opening
        }

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

    @property
    def scenario(self) -> Scenario:
        """The present settings of a lab of the care economy; set it and the page follows.

        Raises
        ------
        CarelabError
            When the lab was opened without a scenario.
        """
        if not self._choice:
            raise CarelabError("this lab has no scenario; give CareLab one to follow a whole place")
        at = Scenario.from_text(self.scenario_text)
        return scenario_from(at.context, at.preset, self.levers)

    @scenario.setter
    def scenario(self, scenario: Scenario) -> None:
        if not self._choice:
            raise CarelabError("this lab has no scenario; give CareLab one to follow a whole place")
        # Both in one message: the page never sees the levers of one place and the text of another.
        with self.hold_sync():
            self.scenario_text = scenario.to_text()
            self.levers = dict(scenario.levers)

    @property
    def table(self) -> "pd.DataFrame":
        """The chosen outcomes of the present scenario, year by year."""
        scenario = self.scenario
        names = tuple(dict.fromkeys((*self.config["charts"], *self.config["outcomes"])))
        return yearly_outcomes(scenario, names, self.config["years"])

    def _run(self, levers: Mapping[str, float]) -> dict[str, float]:
        return MODELS[self.config["model"]].run(**self.config["parameters"], **levers)

    @property
    def outcomes(self) -> dict[str, float]:
        """What follows from the present settings, computed in Python; in the year shown."""
        if self._choice:
            return results_at(self.scenario, self._choice)
        return self._run(self.levers)

    def _fallback_table(self) -> str:
        if self._choice:
            rows = fallback_rows(self._choice)
            caption = word("lab.opening_year", year=self._choice.year)
            return text_table(rows["heads"], rows["rows"], caption)
        reference = self._run(self.config["presets"][self.config["reference"]])
        return text_table(
            *hospital_rows(self.config, self.outcomes, reference), word("lab.opening")
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return the live view and, for a static page, the same lab as HTML."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        figure = getattr(self._figure, "_repr_html_", lambda: "")()
        page = static_html(self.config, self._fallback_table(), figure)
        return {**data, "text/html": page}, metadata
