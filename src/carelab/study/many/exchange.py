"""A scenario as an XMILE model, for other programs of system dynamics."""

from carelab.engine import MODEL_VERSION, STOCKS, Scenario, load_place, trace_step
from carelab.engine.recorded import inner_flows
from carelab.engine.simulate import check_years
from carelab.engine.tables import rows_of
from carelab.engine.years import MONTHS
from carelab.tracing.xmile import write_xmile


def clock_expressions(settlement_lag_months: float) -> dict[str, str]:
    """Return the calendar in XMILE, as `carelab.engine.simulate.clock` has it.

    >>> clock_expressions(6)["year_end"]
    'INT((TIME + 1) / 12) - INT(TIME / 12)'
    """
    # A year starts anew in this many months after a settlement is paid; a year more, so that INT
    # never cuts off a negative number.
    shift = 12 + (1 - int(settlement_lag_months)) % 12
    paid = f"(INT((TIME + {shift}) / 12) - INT((TIME + {shift - 1}) / 12))"
    return {
        "month": "TIME",
        "year_end": "INT((TIME + 1) / 12) - INT(TIME / 12)",
        "payday": f"MIN(1, INT(TIME / 12)) * {paid}",
    }


def _notes() -> dict[str, str]:
    """Return what each name means, with its unit."""
    files = ("parameters.csv", "levers.csv", "quantities.csv")
    rows = [row for file in files for row in rows_of(file)]
    return {row["name"]: f"{row['label_en']} ({row['unit']})" for row in rows}


def scenario_xmile(scenario: Scenario, years: int = 10) -> str:
    """Write a scenario as an XMILE 1.0 model of monthly Euler steps.

    Parameters
    ----------
    scenario : Scenario
        Place, preset and changes.
    years : int
        From 1 to 15.

    Returns
    -------
    str
        The model: month 0 is the first, every quantity keeps its name, and a lever that is
        phased in is ``<lever>_setting`` beside what it is this month.

    Raises
    ------
    CarelabError
        When the years are out of range or the place is unknown.

    Examples
    --------
    >>> model = scenario_xmile(Scenario("china_county", "anhui"), years=1)
    >>> "<start>0</start><stop>11</stop><dt>1</dt>" in model
    True
    """
    check_years(years)
    place = load_place(scenario.context)
    return write_xmile(
        trace_step(),
        {**place.fixed_inputs, **scenario.levers, **place.stocks},
        {name: f"next_{name}" for name in STOCKS},
        clock_expressions(place.parameters["settlement_lag_months"]),
        MONTHS * years,
        notes=_notes(),
        version=MODEL_VERSION,
        groups={"slopes": inner_flows()},
    )
