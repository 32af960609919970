"""What Kedro-Viz shows beside a dataset that is no table, document or picture."""

import html
import re
from typing import Any

from kedro_datasets._typing import HTMLPreview


class DescriptionPreview:
    """A dataset whose preview is its description in the catalog."""

    metadata: dict[str, Any] | None

    def preview(self) -> HTMLPreview:
        """The description as a paragraph, for Kedro-Viz; empty where the catalog has none."""
        description = (self.metadata or {}).get("description")
        return page(f"<p>{html.escape(description)}</p>") if description else HTMLPreview("")


def page(body: str) -> HTMLPreview:
    """HTML that Kedro-Viz shows as it is, although it reads Markdown into it.

    A line break would become ``<br>``, and what stands between two underscores or asterisks of a line would be
    emphasised: everything goes into one line, and a line separator, which has no width, before each of these marks.
    """
    return HTMLPreview(re.sub(r"(?=[_*])", "\u2028", " ".join(body.split())))
