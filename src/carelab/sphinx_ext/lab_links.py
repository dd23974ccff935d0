"""Scenarios in prose that open in the first lab of the care economy of a chapter.

- ``{lab}`carelab/2/china_county/anhui <05-anhui>` ``: the scenario as text, linked to the chapter
"""

from typing import Any
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.nodes import split_explicit_title

from carelab.base import CarelabError
from carelab.engine import Scenario


def lab_hash(text: str) -> str:
    """Write what stands behind a page's address so that its first lab shows a scenario.

    Parameters
    ----------
    text : str
        A scenario as text.

    Returns
    -------
    str
        From the sign ``#`` on.

    Raises
    ------
    CarelabError
        When the text is no scenario.

    Examples
    --------
    >>> lab_hash("carelab/2/uk_place/uk_before/pooled_share=1")
    '#lab=carelab/2/uk_place/uk_before/pooled_share=1'
    """
    Scenario.from_text(text)
    return f"#lab={quote(text, safe='/=;')}"


def _role(app: Sphinx) -> Any:
    def role(
        _name: str, raw: str, text: str, line: int, inliner: Any, *_: Any, **__: Any
    ) -> tuple[list[nodes.Node], list[nodes.Node]]:
        given, scenario, chapter = split_explicit_title(text)
        page = f"notebooks/{chapter}"
        try:
            if not given or page not in app.env.found_docs:
                raise CarelabError(f"'{text}' names no chapter; write a scenario, then <05-anhui>")
            uri = app.builder.get_relative_uri(app.env.docname, page) + lab_hash(scenario)
        except CarelabError as problem:
            message = inliner.reporter.error(str(problem), line=line)
            return [inliner.problematic(raw, raw, message)], [message]
        shown = nodes.literal(scenario, scenario)
        return [nodes.reference("", "", shown, refuri=uri, internal=True)], []

    return role


def setup(app: Sphinx) -> None:
    """Register the role."""
    app.add_role("lab", _role(app))
