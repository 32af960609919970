"""How well every model does on what it has not seen, beside what can be attained."""

import math
from collections.abc import Sequence
from typing import Any, Final

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entropice.report.content import RunContent
from entropice.report.figure_files import BLUE, INK, ORANGE, house_style, svg_uri
from entropice.report.markup import render
from entropice.report.score_tables import gap_rows, score_rows
from entropice.report.sections.section import Section
from entropice.report.shares import BAYES_LIMIT
from entropice.report.texts import ModelText, ScoreText
from entropice.types import DataFrame


def draw(content: RunContent) -> Markup:
    """The section's HTML: the first scheme in full, the others by their gap to it."""
    scores, (first, *others) = content.frame("scores"), content.texts.schemes
    of_first = scores[scores["scheme"] == first.name]
    texts, further = content.texts.tabled, content.texts.further
    return render(
        "scores.html",
        content=content,
        scheme=first,
        scores=texts.scores,
        rows=score_rows(of_first, texts),
        further=further.scores,
        further_rows=score_rows(of_first, further),
        counts={name: int(of_first[name].max()) for name in ("n_folds", "n_cell_years", "n_positive")},
        limit=limit_of(content),
        figure=svg_uri(_chart(content, of_first)),
        gaps=[(scheme, gap_rows(of_first, scores[scores["scheme"] == scheme.name], texts)) for scheme in others],
    )


def limit_of(content: RunContent) -> dict[str, Any] | None:
    """Name, title and Monte Carlo error of the attainable limit; None where the truth is not known."""
    found = [model for model in content.texts.models if model.name == BAYES_LIMIT]
    forecasts = content.frame("out_of_fold")
    errors = forecasts.get("standard_error_max")
    error = math.nan if errors is None else float(errors.max())
    return {"name": BAYES_LIMIT, "title": found[0].title, "error": error} if found else None


def _chart(content: RunContent, scores: DataFrame) -> Figure:
    texts = content.texts.of(scores)
    charted = [score for score in texts.scores if score.is_charted] or list(texts.scores)
    models = [model for model in texts.models if not model.is_reference]
    return score_chart(scores, charted, models, content.map_model.name)


def score_chart(scores: DataFrame, charted: Sequence[ScoreText], models: Sequence[ModelText], map_model: str) -> Figure:
    """One panel per score: each model's value with its 95 % interval, and the attainable limit as a line."""
    with house_style():
        figure = Figure(figsize=(8.6, 0.55 + 0.33 * len(models)), layout="constrained")
        for axis, score in zip(figure.subplots(1, len(charted), squeeze=False)[0], charted, strict=True):
            _draw_score(axis, scores[scores["score"] == score.name].set_index("model"), models, map_model)
            axis.set_title(score.title)
        for axis in figure.axes[1:]:
            axis.set_yticklabels([])
    return figure


def _draw_score(axis: Axes, rows: DataFrame, models: Sequence[ModelText], map_model: str) -> None:
    for place, model in enumerate(reversed(models)):
        if model.name not in rows.index:
            continue
        row = rows.loc[model.name]
        colour = ORANGE if model.name == map_model else INK
        axis.plot([row["low_95"], row["high_95"]], [place, place], color=colour, linewidth=1.2)
        axis.plot(row["value"], place, "o", color=colour, markersize=4.5)
    if BAYES_LIMIT in rows.index:
        value, low, high = (float(rows[column][BAYES_LIMIT]) for column in ("value", "low_95", "high_95"))
        axis.axvspan(low, high, color=BLUE, alpha=0.15, linewidth=0)
        axis.axvline(value, color=BLUE, linewidth=1.2)
    axis.set_yticks(range(len(models)), labels=[model.title for model in reversed(models)])
    axis.set_ylim(-0.6, len(models) - 0.4)
    axis.grid(axis="x", color="#e3e3e3", linewidth=0.5)
    axis.set_axisbelow(True)
    axis.tick_params(axis="y", length=0)
    axis.locator_params(axis="x", nbins=5)


SECTION: Final = Section("scores", "Scores", draw, needs=("scores",))
