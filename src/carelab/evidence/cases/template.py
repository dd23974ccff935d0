"""Write the commented template of a new case."""

from pathlib import Path

import yaml

from carelab.base import CarelabError, data_file, load_yaml
from carelab.base.manifests import CLASSES
from carelab.base.own_files import PLACEHOLDER
from carelab.base.paths import CASE_NAME, CASE_NAME_TOLD
from carelab.base.whole_files import write_whole
from carelab.evidence.cases.files import case_files
from carelab.evidence.cases.model import (
    AXES,
    CASE_KINDS,
    DESIGNS,
    DIRECTIONS,
    LINK_KINDS,
    ROLES,
    STATUSES,
)
from carelab.evidence.registry import load_levers
from carelab.evidence.vocabulary import EVENT_KINDS, READ_AS

_HEAD = """\
# A case of your own. Lines that start with # are help; delete them when you are done.
# Rule: code only what the source says. Where it says nothing leave silent. Everything that is not
# silent cites at least one id: a claim (S004-08), an indicator (CN225), or E1, E2 ... listed below.
id: {id}
name_en: "{todo}: full name"
short_en: "{title}" # two words at most, for charts
# name_zh and short_zh may be added; without them the English name is shown
kind: system # or {kinds}
country: "{todo}: country"
source: E1 # the main source: an id below or a key of sources.csv
# basis: that no seed describes the case, what was read, and how weak that is
basis: "{todo}: No seed describes this case. ..."

# Your sources. text: what it says, in your words. class: {classes}.
# read_as: {read_as}.
evidence:
  - id: E1
    source: "{todo}: authors, year, title, where"
    read_as: abstract
    class: stated
    text: "{todo}: what it says"

"""
_FIELDS = """\
# A coded field looks like this:
#   level: {text: "A county and its townships.", claims: [E1]}
fields:
"""
_MECHANISMS = """
# A coded mechanism looks like this:
#   surplus_kept: {{status: present, claims: [E1]}}
# statuses: {statuses}
mechanisms:
"""
_EVALUATION = """
# What was found, if anything was measured:
#   quality: {{direction: improved, design: before_after, claims: [E1]}}
# directions: {directions}
# designs: {designs}
evaluation:
"""
_TAIL = """
# Codes that no mechanism gives, as frame.dimension, such as
#   rainbow.normative: {{status: present, claims: [E1]}}
frames: {{}}

# Who takes part. roles: {roles}
#   - {{id: insurer, name_en: "Health insurance", role: payer, claims: [E1]}}
actors: []

# Who pays whom: - {{from: insurer, to: hospital, what_en: "budget", claims: [E1]}}
# A published figure of the registry that says how much: add its id, such as amount: UK031
money: []

# Who decides, agrees, supports or steers. kinds: {links}
#   - {{from: council, to: hospital, what_en: "appoints", kind: decides, claims: [E1]}}
governance: []

# Dated events. kinds: {events}
#   - {{date: 2019, event: "It begins", kind: pilot, claims: [E1]}}
events: []

# How the case would set levers; it then stands among the presets of every lab of that model.
# Every setting needs a note; assumed may go without evidence, the rest needs claims.
# models: {models}; their levers and ranges stand in the model reference.
#   - {{model: care_economy, lever: surplus_kept_share, value: 0.5, class: assumed, note: "reason"}}
lab: []

# What you looked for and did not find, one line each.
not_stated:
  - "{todo}: what the source does not say"
"""


def _quoted(name: str) -> str:
    """Write a name so that every reader of YAML takes it for a text; some take no for a number."""
    return name if yaml.safe_load(f"id: {name}") == {"id": name} else f'"{name}"'


def _block(names: dict[str, str]) -> str:
    return "".join(f"  # {meaning}\n  {name}: silent\n" for name, meaning in names.items())


def case_template(name: str) -> str:
    """Return the template of a case as commented YAML.

    >>> case_template("my_town").splitlines()[3]
    'id: my_town'
    """
    if not CASE_NAME.fullmatch(name):
        raise CarelabError(
            f"the name '{name[:60]}' cannot be the id of a case; use {CASE_NAME_TOLD}"
        )
    codebook = load_yaml(data_file("codebook.yml"))
    title = name.replace("_", " ").title()
    listed = {"classes": ", ".join(CLASSES), "read_as": ", ".join(READ_AS), "todo": PLACEHOLDER}
    return (
        _HEAD.format(id=_quoted(name), title=title, kinds=", ".join(CASE_KINDS[1:]), **listed)
        + _FIELDS
        + _block(codebook["fields"])
        + _MECHANISMS.format(statuses=", ".join(STATUSES))
        + _block(codebook["mechanisms"])
        + _EVALUATION.format(directions=", ".join(DIRECTIONS), designs=", ".join(DESIGNS))
        + "".join(f"  {axis}: silent\n" for axis in AXES)
        + _TAIL.format(
            roles=", ".join(ROLES),
            links=", ".join(LINK_KINDS),
            events=", ".join(EVENT_KINDS),
            models=", ".join(dict.fromkeys(load_levers()["model"])),
            todo=PLACEHOLDER,
        )
    )


def write_template(name: str, folder: Path | str) -> Path:
    """Write the template of a new case into a folder.

    >>> import tempfile
    >>> write_template("my_town", tempfile.mkdtemp()).name
    'my_town.yml'
    """
    text = case_template(name)
    folder = Path(folder)
    path = folder / f"{name}.yml"
    if path.exists():
        raise CarelabError(
            f"file '{path.name}' exists already in '{folder.name}'; nothing is written"
        )
    if name in case_files():
        raise CarelabError(f"a case '{name}' exists already; choose another name")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise CarelabError(
            f"'{path.as_posix()}' cannot be written: {reason}; choose another folder"
        ) from None
    return write_whole(path, text)
