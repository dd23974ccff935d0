"""Every name that a month reads: stocks, levers, clock and baseline constants.

Parameters of a place stand in ``data/parameters.csv``, levers in ``data/levers.csv``; a test
holds these lists and those files together.
"""

from carelab.base.levers import levers_of

# Persons by state of health.
PEOPLE = ("healthy", "unmanaged", "managed", "complicated")
# Money held, per resident; they start at nil and may be negative.
BALANCES = (
    "insurer_balance",
    "public_health_balance",
    "transformation_balance",
    "hospital_balance",
    "primary_balance",
)
EFFORTS = (
    "prevention_effort",
    "support_effort",
    "intensity_effort",
    "referral_effort",
    "retention_effort",
    "skimping_effort",
    "management_effort",
    "draw_effort",
)
# Who makes which effort; mentoring is an effort too, though no more of it is made than is offered.
OWN_EFFORTS = {
    "primary": ("prevention_effort", "management_effort"),
    "hospital": (
        "support_effort",
        "intensity_effort",
        "referral_effort",
        "retention_effort",
        "draw_effort",
        "skimping_effort",
        "mentoring",
    ),
}
# Efforts that a place makes before any reform: data, held there by a constant that is read off.
MADE_BEFORE = ("prevention_effort", "intensity_effort", "retention_effort", "draw_effort")
# Efforts that nobody makes before a reform though some would pay: a cost of starting is read off.
UNMADE_BEFORE = ("support_effort", "management_effort", "skimping_effort")
ANCHORED = (*MADE_BEFORE, *UNMADE_BEFORE)
STOCKS = (
    *PEOPLE,
    "capability",
    "hospital_quality",
    "community_capacity",
    "hospital_capacity",
    *EFFORTS,
    "mentoring",
    "primary_load",
    "hospital_load",
    "year_budget",
    "year_spending",
    "settlement_due",
    "benchmark_ratio",
    *BALANCES,
)
# Levers that move with the payment reform and with the service reform; each reform has its own
# start, so that their order is itself a choice.
PAYMENT_LEVERS = tuple(each.name for each in levers_of().values() if each.phase == "payment")
SERVICE_LEVERS = tuple(each.name for each in levers_of().values() if each.phase == "service")
LEVERS = tuple(levers_of())
# 1 in the last month of a year, in the month in which a settlement is paid; else 0.
CLOCK = ("month", "year_end", "payday")
# What a place was like before any reform, found by `carelab.engine.places`.
BASELINE = (
    "start_healthy",
    "start_unmanaged",
    "start_managed",
    "start_complicated",
    "start_retention",
    "start_intensity",
    "start_reach",
    "start_siphon",
    "start_price_factor",
    "start_lack",
    "start_death_rate",
    "start_primary_covered",
    "start_primary_load",
    "start_hospital_load",
    "start_hospital_income",
    "start_inside_spending",
    "start_outside_spending",
    "hospital_fixed_cost",
    "hospital_block_grant",
    "primary_block_grant",
    "premium",
    *(f"{effort.removesuffix('_effort')}_norm" for effort in ANCHORED),
)
