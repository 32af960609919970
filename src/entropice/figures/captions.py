"""What to write below the figures of a run, as Markdown."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from entropice.figures.figure import Figure, Missing
from entropice.report.paper import DOTS_PER_INCH


def captions(manifest: Mapping[str, Any], figures: Sequence[Figure], missing: Sequence[Missing]) -> str:
    r"""Title, caption and notes of each figure; which ones there are not, and why; what to say of the run.

    Markdown, blocks with an empty line between: the run and its warnings (notice, models that beat the map's, leaks),
    the figures in their order, those not drawn, credits. What looks like markup in texts stays text: backslashes stand
    before it. The manifest has ``title run_id grid`` (with ``key``) ``entropice_version notice beaten`` (null, or with
    ``statement``) ``leaks`` (with ``findings``, and ``statement`` where there are any) ``attributions``, else KeyError.

    Examples
    --------
    >>> run = {"title": "Arctic", "run_id": "0a", "grid": {"key": "h3_4"}, "entropice_version": "1", "beaten": None,
    ...        "leaks": {"findings": []}, "notice": "A made *world*.", "attributions": []}
    >>> captions(run, [], [Missing("folds", "Folds", "No folds.")]).splitlines()[4:9]
    ['**A made \\*world\\*.**', '', '## Not drawn', '', '- Folds (folds): No folds.']
    """
    blocks = [
        f"# Figures: {_plain(manifest['title'])}",
        f"Run `{manifest['run_id']}` on the grid `{manifest['grid']['key']}`, made by Entropice "
        f"{manifest['entropice_version']}. Each figure is there as SVG and as PNG of {DOTS_PER_INCH} dots per inch.",
        *_warnings(manifest),
        *map(_told, figures),
        *_not_drawn(missing),
        "## Credits",
        _listed(manifest["attributions"]),
    ]
    return "\n\n".join(blocks) + "\n"


def _warnings(manifest: Mapping[str, Any]) -> list[str]:
    """What a run says of itself that readers of its figures must know."""
    beaten = manifest["beaten"]["statement"] if manifest["beaten"] else ""
    leaks = manifest["leaks"]["statement"] if manifest["leaks"]["findings"] else ""
    return [f"**{_plain(text)}**" for text in (manifest["notice"], beaten, leaks) if text]


def _told(figure: Figure) -> str:
    files = f"`{figure.key}.svg`, `{figure.key}.png`"
    return "\n\n".join([f"## {_plain(figure.title)}", files, _plain(" ".join([figure.caption, *figure.notes]))])


def _not_drawn(missing: Sequence[Missing]) -> list[str]:
    told = [f"{one.title} ({one.key}): {one.reason}" for one in missing]
    return ["## Not drawn", _listed(told)] if told else []


def _listed(texts: Sequence[str]) -> str:
    return "\n".join(f"- {_plain(text)}" for text in texts)


def _plain(text: str) -> str:
    """The text as one line in which Markdown finds nothing to mark up."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", " ".join(text.split()))
