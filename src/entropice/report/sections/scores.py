"""How well every model does on what it has not seen, beside what can be attained."""

import math
from typing import Any, Final

from markupsafe import Markup

from entropice.report.charts.declared_skill import DECLARED_SKILL
from entropice.report.charts.fold_scores import FOLD_SCORES
from entropice.report.charts.scores import SCORES
from entropice.report.content import RunContent
from entropice.report.markup import render
from entropice.report.score_tables import gap_rows, score_rows
from entropice.report.sections.section import Section
from entropice.report.shares import BAYES_LIMIT


def draw(content: RunContent) -> Markup:
    """The section's HTML: the first scheme in full, the others by their gap to it.

    From the tables ``scores`` and ``out_of_fold``; scores of the main table first, the further ones folded. There is at
    least one scheme.
    """
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
        gaps=[(scheme, gap_rows(of_first, scores[scores["scheme"] == scheme.name], texts)) for scheme in others],
    )


def limit_of(content: RunContent) -> dict[str, Any] | None:
    """Name, title and Monte Carlo error of the attainable limit; None where the truth is not known.

    ``error`` is the largest ``standard_error_max`` of ``out_of_fold``; NaN where none was noted.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> from entropice.report.texts import ModelText, Texts
    >>> texts = Texts((ModelText(BAYES_LIMIT, "Limit"),), (), ())
    >>> rows = pd.DataFrame({"standard_error_max": [0.5, None]})
    >>> limit_of(SimpleNamespace(texts=texts, frame=lambda _: rows))
    {'name': 'bayes_limit', 'title': 'Limit', 'error': 0.5}
    """
    found = [model for model in content.texts.models if model.name == BAYES_LIMIT]
    forecasts = content.frame("out_of_fold")
    errors = forecasts.get("standard_error_max")
    error = math.nan if errors is None else float(errors.max())
    return {"name": BAYES_LIMIT, "title": found[0].title, "error": error} if found else None


SECTION: Final = Section(
    "scores",
    "Scores",
    draw,
    needs=("scores",),
    reason="No model was tested on cells that it had not seen.",
    charts=(SCORES, FOLD_SCORES, DECLARED_SKILL),
)
