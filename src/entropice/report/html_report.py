"""The run's report: one HTML document that opens offline."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from entropice.report import charts, maps
from entropice.report.class_shares import class_distribution
from entropice.report.figure_files import png_uri, svg_uri
from entropice.report.manifest import seeds, to_json
from entropice.report.names import SCHEME_NAMES, SCORE_NAMES
from entropice.report.reliability import reliability
from entropice.report.score_tables import gap_rows, models_shown, score_rows, scores_shown
from entropice.types import DataFrame, GeoDataFrame

CHARTED_SCORES: Final = ("log_skill", "rpss", "auc")


@dataclass(frozen=True)
class ReportContent:
    """Everything a report tells, as the house's frames and plain values.

    Attributes
    ----------
    tables
        Year → ``tables.cells_table``.
    forecasts
        ``out_of_fold`` rows.
    limit
        Shaped as ``forecasts``, with ``standard_error_max``; None without a known truth.
    scores
        As ``shares.share_of_limit`` returns them.
    importances, features
        As the functions of ``tables``.
    """

    title: str
    description: str
    purpose: str
    notice: str
    run_id: str
    grid: Mapping[str, Any]
    classes: Mapping[str, Any]
    year_names: Mapping[int, str]
    tables: Mapping[int, GeoDataFrame]
    land: GeoDataFrame
    forecasts: DataFrame
    predictions: DataFrame
    scores: DataFrame
    importances: DataFrame
    features: DataFrame
    provenance: Mapping[str, Any]
    parameters: Mapping[str, Any]
    attributions: Sequence[str]
    rebuild_command: str
    limit: DataFrame | None = None


def render_html(content: ReportContent) -> str:
    """A complete document: no script, no address outside itself; same content, same bytes."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": format_number, "percent": format_percent, "signed": format_signed}
    template = environment.get_template("report.html")
    return template.render(
        content=content,
        figures=_figures(content),
        key=_key_figures(content),
        limit_error=0.0 if content.limit is None else float(content.limit["standard_error_max"].max()),
        class_rows=_class_rows(content),
        parameters_json=to_json(content.parameters),
        seeds=seeds(content.parameters),
        **_score_context(content.scores),
    )


def _figures(content: ReportContent) -> dict[str, str]:
    names = list(content.classes["names"])
    latest = content.year_names[max(content.tables)]
    scores = content.scores[content.scores["scheme"] == "spatial"]
    models = [model for model in models_shown(scores, "spatial") if model not in {"limit", "prevalence"}]
    charted = [score for score in CHARTED_SCORES if (scores["score"] == score).any()]
    figures = {
        "maps": png_uri(maps.map_panels(content.tables, content.land, names, latest)),
        "classes": svg_uri(charts.class_chart(_distribution(content))),
        "scores": svg_uri(charts.score_chart(scores, charted, models)),
        "reliability": svg_uri(charts.reliability_chart(_curves(content))),
        "importances": svg_uri(charts.importance_chart(content.importances)),
    }
    if len(content.tables) > 1:
        figures["years"] = png_uri(maps.yearly_panels(content.tables, content.land, content.year_names))
    return figures


def _transfer_forecasts(frame: DataFrame, model: str) -> DataFrame:
    return frame[(frame["scheme"] == "spatial") & (frame["model"] == model)]


def _distribution(content: ReportContent) -> DataFrame:
    espa = _transfer_forecasts(content.forecasts, "espa")
    return class_distribution(espa, content.predictions, content.classes["names"])


def _curves(content: ReportContent) -> dict[str, DataFrame]:
    first = content.classes["names"][0]
    forecasts = {"eSPA, out of fold": _transfer_forecasts(content.forecasts, "espa")}
    if content.limit is not None:
        forecasts["attainable limit"] = _transfer_forecasts(content.limit, "limit")
    return {
        name: reliability(
            1.0 - rows[f"p_{first}"].to_numpy(float), (rows["class_"].astype(str) != first).to_numpy(bool)
        )
        for name, rows in forecasts.items()
    }


def _key_figures(content: ReportContent) -> dict[str, Any]:
    states = [state for table in content.tables.values() for state in table["state"]]
    n_with, n_without = states.count("observed_with"), states.count("observed_without")
    return {
        "n_cells": len(next(iter(content.tables.values()))),
        "n_observed": n_with + n_without,
        "n_with": n_with,
        "share_with": n_with / (n_with + n_without) if n_with + n_without else math.nan,
    }


def _class_rows(content: ReportContent) -> list[dict[str, Any]]:
    """Per class: name, bounds in m² of slump per km², and the three shares."""
    edges = [0.0, 0.0, *content.classes["edges"], math.inf]
    distribution = _distribution(content)
    return [
        {"name": name, "bounds": _bounds(edges[place], edges[place + 1]), **distribution.loc[name].to_dict()}
        for place, name in enumerate(content.classes["names"])
    ]


def _bounds(low: float, high: float) -> str:
    """Bounds of slump area per observed land area, in m² per km²."""
    if high == 0:
        return "0"
    if high == math.inf:
        return f"> {1e6 * low:.3g}"
    return f"{1e6 * low:.3g} – {1e6 * high:.3g}"


def _score_context(scores: DataFrame) -> dict[str, Any]:
    shown = scores_shown(scores)
    return {
        "score_names": [SCORE_NAMES[score] for score in shown],
        "scheme_names": SCHEME_NAMES,
        "transfer_rows": score_rows(scores, "spatial", shown),
        "gap_rows": gap_rows(scores, shown),
        "has_limit": bool((scores["model"] == "limit").any()),
        "n_folds": _largest(scores, "spatial", "n_folds"),
        "n_cell_years": _largest(scores, "spatial", "n_cell_years"),
        "n_positive": _largest(scores, "spatial", "n_positive"),
    }


def _largest(scores: DataFrame, scheme: str, column: str) -> int:
    return int(scores.loc[scores["scheme"] == scheme, column].max())


def format_number(value: float, digits: int = 3) -> str:
    """Fixed decimals with a true minus sign; an en dash for NaN."""
    return "–" if math.isnan(value) else f"{value:.{digits}f}".replace("-", "−")


def format_signed(value: float, digits: int = 3) -> str:
    """As ``format_number``, with a sign always."""
    return "–" if math.isnan(value) else f"{value:+.{digits}f}".replace("-", "−")


def format_percent(share: float, digits: int = 0) -> str:
    """A share as per cent; an en dash for NaN."""
    return "–" if math.isnan(share) else f"{100 * share:.{digits}f} %".replace("-", "−")
