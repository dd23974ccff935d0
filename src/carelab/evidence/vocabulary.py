"""The words that a column of the tables may hold."""

THEMES = (
    "governance",
    "financing",
    "payment",
    "information",
    "workforce",
    "service_process",
    "outcome",
    "context",
    "recommendation",
    "method",
)
# What a claim does; the codebook says what each means.
KINDS = (
    "fact",
    "mechanism",
    "enabler",
    "constraint",
    "expectation",
    "goal",
    "prescription",
    "recommendation",
    "definition",
    "method",
)
# Kinds that say what ought to be or may come: never evidence that something is so.
WISHES = ("expectation", "goal", "prescription", "recommendation")
# Who asserts a claim.
SPEAKERS = ("authors", "policy", "theory", "record", "carelab")
SOURCE_KINDS = (
    "seed_article",
    "seed_abstract",
    "seed_web",
    "article",
    "report",
    "statistics",
    "policy",
    "news",
    "web",
    "book",
)
# How much of a source was read, with the best grade that a figure taken from it may have; a grade
# D is our own computation and may rest on anything.
BEST_GRADE = {
    "full_text": "A",
    "abstract": "A",
    "official_page": "A",
    "news_copy": "B",
    "secondary": "C",
    "excerpt": "A",
    "not_read": "D",
}
READ_AS = tuple(BEST_GRADE)
TOLERANCE_RULES = ("interval", "half", "rise", "fall", "flat", "stated", "none")
# Who can hold a lever; each has a pay-off in the care economy.
ROLES = ("insurer", "hospital", "primary", "patients", "government")
EVENT_KINDS = ("policy", "target", "pilot", "payment", "evaluation", "publication", "event")
# What a finding answers to its question, and how it was obtained.
ANSWERS = ("yes", "in part", "no")
DESIGNS = (
    "trial",
    "comparison",
    "time series",
    "before and after",
    "survey",
    "description",
    "against plan",
    "account",
    "not stated",
)
SEARCH_RESULTS = ("found", "in part", "not found")
