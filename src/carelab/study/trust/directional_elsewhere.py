"""Claims about the Hangzhou pilot and the integrated place in the UK."""

from carelab.study.trust.directional import (
    BEFORE,
    DISTRICT,
    HANGZHOU,
    INTEGRATED,
    OLD,
    PACKAGES,
    UK,
    Term,
    claim,
    later,
    more,
    sign_is,
    together,
)

_ONE_BODY = {"governance_share": 0.0, "hospital_part_share": 1.0, "pooled_share": 0.0}
_HANGZHOU_BOTH = HANGZHOU.change(**PACKAGES, information_share=0.6)
HANGZHOU_CLAIMS = (
    claim(
        "H1",
        "Mentoring raises the capability of community centres",
        "S001-10",
        DISTRICT,
        more("next_capability", HANGZHOU, OLD, 3),
    ),
    claim(
        "H2",
        "Without shared pay and a shared information system capability falls back after year 5",
        "S001-14 S001-15 S001-16",
        DISTRICT,
        later("next_capability", HANGZHOU, 5, 10),
    ),
    claim(
        "H2b",
        "With both capability does not fall back after year 5 but rises",
        "S001-14 S001-15 S001-21",
        DISTRICT,
        later("next_capability", _HANGZHOU_BOTH, 10, 5),
    ),
    claim(
        "H3",
        "Added to mentoring, the two packages extend the reach of prevention",
        "S001-21 S004-77",
        DISTRICT,
        more("reach", HANGZHOU.change(**PACKAGES), HANGZHOU),
    ),
    claim(
        "H3b",
        "Added to mentoring, the two packages keep more care in the district",
        "S001-21 S004-80",
        DISTRICT,
        more("kept_in_place_share", HANGZHOU.change(**PACKAGES), HANGZHOU),
    ),
    claim(
        "H3c",
        "Added to mentoring, the two packages raise the share of mild cases in the community",
        "S001-21",
        DISTRICT,
        more("primary_mild_share", HANGZHOU.change(**PACKAGES), HANGZHOU),
    ),
    claim(
        "H4",
        "A shared information system and the two packages reach more together than the sum of"
        " each alone",
        "S001-14 S001-15",
        DISTRICT,
        together("reach", HANGZHOU, {"information_share": 0.6}, PACKAGES),
    ),
    claim(
        "H5",
        "Gatekeeping raises the share of visits to the community",
        "S001-17",
        DISTRICT,
        more("primary_visit_share", HANGZHOU, HANGZHOU.change(gatekeeping_share=0.0)),
    ),
)
UK_CLAIMS = (
    claim(
        "U1",
        "A pooled budget raises the capacity of community services",
        "S000-11 S000-12",
        UK,
        more("next_community_capacity", INTEGRATED, INTEGRATED.change(pooled_share=0.0)),
        by_construction=True,
    ),
    claim(
        "U1b",
        "Hospital activity follows late: less than half of the fall of year 5 is there in year 1",
        "",
        UK,
        (
            *more("hospital_cases", INTEGRATED, BEFORE, 1),
            Term(-0.5, INTEGRATED, "hospital_cases", (5, 5)),
            Term(0.5, BEFORE, "hospital_cases", (5, 5)),
        ),
    ),
    claim(
        "U1c",
        "The integrated place has fewer hospital cases in year 3",
        "S000-13",
        UK,
        more("hospital_cases", BEFORE, INTEGRATED, 3),
    ),
    claim(
        "U2",
        "The transformation fund lowers the deficit of the hospital after three years",
        "S000-09",
        UK,
        more("next_hospital_balance", INTEGRATED, INTEGRATED.change(transformation_fund=0.0), 3),
    ),
    claim(
        "U2b",
        "The transformation fund speeds the growth of community capacity",
        "S000-09",
        UK,
        more("next_community_capacity", INTEGRATED, INTEGRATED.change(transformation_fund=0.0), 3),
        by_construction=True,
    ),
    claim(
        "U2c",
        "Without the fund the hospital of the integrated place is in deficit after a year",
        "",
        UK,
        sign_is(-1, "next_hospital_balance", INTEGRATED.change(transformation_fund=0.0), 1),
    ),
    claim(
        "U4",
        "Community capacity falls back after the fund ends",
        "",
        UK,
        later("next_community_capacity", INTEGRATED, 3, 10),
    ),
    claim(
        "U4b",
        "What a fund alone adds to community capacity is lost again after it ends",
        "",
        UK,
        later("next_community_capacity", BEFORE.change(transformation_fund=2.75), 3, 10),
        by_construction=True,
    ),
    claim(
        "U5",
        "Shared accountability and a pooled budget reach more than a contract with the hospital"
        " alone",
        "S000-11 S000-18",
        UK,
        more("reach", INTEGRATED, INTEGRATED.change(**_ONE_BODY)),
    ),
    claim(
        "U5b",
        "Financing public health and medical care together adds to the reach of prevention",
        "S000-12",
        UK,
        more("reach", INTEGRATED, INTEGRATED.change(bundled_share=0.0)),
    ),
    claim(
        "U6",
        "Cutting the public health money by 28 % lowers the share of patients managed",
        "",
        UK,
        more("managed_share", BEFORE, BEFORE.change(public_health_multiplier=0.72)),
    ),
    claim(
        "U10",
        "The integrated place uses fewer resources in total in year 5",
        "S003-24",
        UK,
        more("real_cost", BEFORE, INTEGRATED),
    ),
)
