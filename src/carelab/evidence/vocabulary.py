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
READ_AS = (
    "full_text",
    "abstract",
    "official_page",
    "news_copy",
    "secondary",
    "excerpt",
    "unknown",
)
TOLERANCE_RULES = ("interval", "half", "rise", "fall", "flat", "stated", "none")
# Who can hold a lever; each has a pay-off in the care economy.
ROLES = ("insurer", "hospital", "primary", "patients", "government")
EVENT_KINDS = ("policy", "target", "pilot", "payment", "evaluation", "publication", "event")
