"""What a stock ipywidget leaves on a static page: its figure and a sentence, never an empty box."""

import html
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from docutils import nodes

from carelab.base import word

_VIEW = "application/vnd.jupyter.widget-view+json"
_STATE = "application/vnd.jupyter.widget-state+json"


def captured_outputs(state: dict[str, Any], model_id: str) -> Iterator[dict[str, Any]]:
    """Give the outputs that a widget and its children caught while the chapter ran."""
    own = state.get(model_id, {}).get("state", {})
    for output in own.get("outputs", []):
        yield output.get("data", {})
    for child in own.get("children", []):
        yield from captured_outputs(state, child.removeprefix("IPY_MODEL_"))


def fallback_html(state: dict[str, Any], model_id: str) -> str:
    """Write the figure of a widget and say that it needs a running notebook."""
    sentence = html.escape(word("lab.live_only"))
    pictures = []
    for data in captured_outputs(state, model_id):
        if "text/html" in data:
            pictures.append(data["text/html"])
        elif "image/png" in data:
            image = data["image/png"].replace("\n", "")
            pictures.append(f'<img alt="{sentence}" src="data:image/png;base64,{image}">')
    drawn = f'<div role="group" tabindex="0" aria-label="{sentence}">{"".join(pictures)}</div>'
    return f'<div class="carelab carelab-stock">{drawn}<p>{sentence}</p></div>'


class StockWidget:
    """The plug-in that myst-nb asks before it renders a widget itself."""

    mime_priority_overrides: ClassVar[Sequence[tuple[str, str, int | None]]] = ()

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        """Render a widget that has no HTML of its own."""
        if data.mime_type != _VIEW or inline:
            return None
        widgets = renderer.renderer.nb_client.nb_metadata.get("widgets", {})
        state = widgets.get(_STATE, {}).get("state", {})
        return [nodes.raw("", fallback_html(state, data.content["model_id"]), format="html")]
