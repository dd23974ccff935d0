"""Claims about the county before the reform, and about what to reform first."""

from carelab.study.trust.directional import (
    ANHUI,
    COUNTY,
    OLD,
    PACKAGES,
    PURSE,
    Run,
    claim,
    more,
    sign_is,
    together,
)

_PATHWAY = {"service_pathway_share": 1.0, "information_share": 0.5}
_FULL = ANHUI.change(service_pathway_share=1.0)
_SERVICE_FIRST = _FULL.change(payment_start_month=36.0)
_PAYMENT_FIRST = _FULL.change(service_start_month=36.0)
DILEMMA_CLAIMS = (
    claim(
        "D1",
        "Under fee-for-service the hospital loses money by each prevented serious case",
        "S002-06",
        COUNTY,
        sign_is(-1, "hospital_gain_serious", OLD, 1),
        by_construction=True,
    ),
    claim(
        "D1b",
        "Under fee-for-service the hospital hardly supports prevention (effort below 0.05)",
        "S002-06",
        COUNTY,
        sign_is(-1, "next_support_effort", OLD, 1),
        -0.05,
    ),
    claim(
        "D2",
        "Under mixed payment a richer margin on treatment crowds out support of prevention",
        "S002-04 S002-07",
        COUNTY,
        more(
            "next_support_effort",
            Run("anhui", (("contract_share", 0.5),)),
            Run("anhui", (("contract_share", 0.5),), 0.05),
        ),
    ),
    claim(
        "D3",
        "The two packages extend prevention further than twice the public health money",
        "S004-77",
        COUNTY,
        more("reach", OLD.change(**PACKAGES), OLD.change(public_health_multiplier=2.0)),
    ),
    claim(
        "D3a",
        "The two packages cost the public purse less than twice the public health money",
        "S004-77 S002-16",
        COUNTY,
        tuple(
            term
            for each in PURSE
            for term in more(
                each, OLD.change(public_health_multiplier=2.0), OLD.change(**PACKAGES), (1, 5)
            )
        ),
    ),
    claim(
        "D4",
        "A service pathway with shared information and the payment reform reach more together"
        " than the sum of each alone",
        "S002-08",
        COUNTY,
        together("reach", OLD, _PATHWAY, PACKAGES),
    ),
    claim(
        "D5",
        "Service levers first beat payment levers first, in years of healthy life over ten years"
        " (a proxy: it does not test the order that the seed means)",
        "S002-09 S002-14",
        COUNTY,
        more("life_years", _SERVICE_FIRST, _PAYMENT_FIRST, (1, 10)),
    ),
    claim(
        "D5b",
        "Service levers first beat payment levers first, in mean reach over ten years",
        "S002-09 S002-14",
        COUNTY,
        more("reach", _SERVICE_FIRST, _PAYMENT_FIRST, (1, 10)),
    ),
)
