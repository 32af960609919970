"""What Kedro-Viz shows beside a dataset that is no table, JSON document or picture."""

import html
import re
from typing import Any, Final

from kedro_datasets._typing import HTMLPreview

_PANE: Final = "max-width: 26em"
_TAG_OR_MARK: Final = re.compile(r"(?P<tag><[^>]*>)|[_*]")
_LINE_END: Final = "<i hidden>\u2028</i>"


class DescriptionPreview:
    """A dataset whose preview is its description in the catalog."""

    metadata: dict[str, Any] | None

    def preview(self) -> HTMLPreview:
        """The description as a paragraph as wide as Kedro-Viz's pane; empty where the catalog has none."""
        description = (self.metadata or {}).get("description")
        return page(f'<p style="{_PANE}">{html.escape(description)}</p>') if description else HTMLPreview("")


def page(body: str) -> HTMLPreview:
    """HTML that Kedro-Viz shows as it stands, although it takes it for Markdown.

    It would turn every line break into ``<br>``, and emphasise what stands between two underscores or asterisks of a
    line. So all is one line to HTML, and to Markdown a line ends, unseen, before each of these marks: outside of tags
    ``<i hidden>``, a line separator (U+2028) and ``</i>`` stand before it. Runs of white space become one blank.

    Examples
    --------
    >>> page("<p>one\\n two</p>")
    '<p>one two</p>'
    """
    return HTMLPreview(_TAG_OR_MARK.sub(_shielded, " ".join(body.split())))


def _shielded(found: re.Match[str]) -> str:
    return found[0] if found["tag"] else f"{_LINE_END}{found[0]}"
