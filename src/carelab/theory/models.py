"""The small models by name, with the inputs that each may read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from carelab.base.levers import levers_of
from carelab.theory.retention import retention_model
from carelab.tracing import Trace, evaluate, trace_model


@dataclass(frozen=True)
class TheoryModel:
    """A model function and the names of its inputs.

    Parameters
    ----------
    name : str
        Name used in data files, labs and generated JavaScript.
    function : callable
        ``function(inputs, flows)``.
    parameters : tuple of str
        Inputs that describe the place.
    """

    name: str
    function: Callable[[Any, Any], None]
    parameters: tuple[str, ...]

    @property
    def levers(self) -> tuple[str, ...]:
        """Inputs that a student moves, as ``levers.csv`` names them."""
        return tuple(levers_of(self.name))

    @property
    def inputs(self) -> tuple[str, ...]:
        """Levers, then parameters."""
        return self.levers + self.parameters

    def run(self, **values: Any) -> dict[str, Any]:
        """Run the model on numbers or arrays, one keyword per input.

        Returns
        -------
        dict of str to float or array
            Each flow by name.

        Examples
        --------
        >>> place = dict(case_price=1000.0, variable_cost_share=0.6, county_fund_share=0.7,
        ...              outside_fund_cost_ratio=2.0, share_in_county=0.8, altruism=0.2)
        >>> flows = MODELS["retention"].run(contract_share=0.0, surplus_kept_share=1.0,
        ...     hospital_part_share=0.6, leakage_charged_share=1.0, **place)
        >>> round(flows["prevented_episode_gain"], 9)
        -320.0
        """
        return evaluate(self.function, {name: values[name] for name in self.inputs})

    def trace(self) -> Trace:
        """Record the model once on symbols.

        Returns
        -------
        Trace
            The record, ready to be written as JavaScript or LaTeX.
        """
        return trace_model(self.function, self.inputs, self.name)


MODELS = {
    model.name: model
    for model in (
        TheoryModel(
            name="retention",
            function=retention_model,
            parameters=(
                "case_price",
                "variable_cost_share",
                "county_fund_share",
                "outside_fund_cost_ratio",
                "share_in_county",
                "altruism",
            ),
        ),
    )
}
