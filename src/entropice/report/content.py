"""All that a run tells, once: report, map package and manifest are made of it and of nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from entropice.report.about import About
from entropice.report.beaten import Beaten, who_beats
from entropice.report.frames.forecasts import forecasts_to_judge
from entropice.report.layers import Layer, build_cells
from entropice.report.leak_alarm import LeakAlarm, leak_alarm
from entropice.report.origin import Origin
from entropice.report.out_of_fold import out_of_fold_of
from entropice.report.quantities import quantities, years_of_run
from entropice.report.results import RunResults
from entropice.report.run_tables import RunFacts
from entropice.report.shares import share_of_limit
from entropice.report.table import Table
from entropice.report.tables import build_tables, model_features
from entropice.report.texts import MapModel, Text, Texts
from entropice.types import DataFrame


@dataclass(frozen=True)
class RunContent:
    """The content of a run.

    Attributes
    ----------
    grid
        ``key`` and the metadata that xdggs decodes.
    classes
        ``names``, ``edges`` and ``mean_rts_area_fraction``.
    year_names
        Label year → what to call it, ascending.
    beaten
        The models that forecast better than the map's; None where there is none.
    leaks
        Which signs of leaks were looked for, and what was found.
    texts
        The models, schemes and scores that occur, in the readers' order.
    model_features
        Names of the features that models see.
    tables
        By name.
    layers
        Top of the map first.
    survey
        The cells to look at next, first choice first.
    """

    about: About
    origin: Origin
    grid: Mapping[str, str | int]
    classes: Mapping[str, Any]
    year_names: Mapping[int, str]
    map_model: MapModel
    beaten: Beaten | None
    leaks: LeakAlarm
    texts: Texts
    model_features: tuple[str, ...]
    tables: Mapping[str, Table]
    layers: tuple[Layer, ...]
    survey: DataFrame

    @cached_property
    def facts(self) -> RunFacts:
        """As the manifest tells them."""
        return RunFacts(
            title=self.about.title,
            purpose=self.about.purpose,
            grid_name=str(self.grid["grid_name"]),
            class_names=tuple(self.classes["names"]),
            class_edges=tuple(self.classes["edges"]),
            year_names=self.year_names,
            map_model=Text(self.map_model.name, self.map_model.title),
            texts=self.texts,
            layers=tuple(replace(layer, title=self.about.marked(layer.title)) for layer in self.layers),
            table_titles={name: self.about.marked(table.title) for name, table in self.tables.items()},
        )

    @cached_property
    def judged(self) -> DataFrame:
        """The forecasts that it is judged by."""
        return forecasts_to_judge(self.frame("out_of_fold"), self.facts)

    def frame(self, table: str) -> DataFrame:
        """The rows of a table."""
        return self.tables[table].values


def build_content(
    results: RunResults,
    about: About,
    origin: Origin,
    *,
    grid: Mapping[str, str | int],
    year_names: Mapping[int, str],
    map_model: MapModel,
    texts: Texts,
) -> RunContent:
    """Bring the datasets of a run into tables and layers.

    Parameters
    ----------
    year_names
        Of the predicted years; a year that is missing here is called by its number.
    texts
        Every declared model, scheme and score.
    """
    class_names = results.classes["names"]
    forecasts = out_of_fold_of(results.out_of_fold, class_names[0], texts.of(results.scores), map_model.name)
    years = years_of_run(results, forecasts)
    names = {year: year_names.get(year, str(year)) for year in years}
    titles = {str(name): str(feature.attrs["long_name"]) for name, feature in results.features.data_vars.items()}
    cells, layers = build_cells(years, quantities(class_names, titles, forecasts))
    scores = share_of_limit(
        results.scores,
        results.bayes_limit_scores,
        unshared=[score.name for score in texts.scores if not score.has_share_of_limit],
        falling=[score.name for score in texts.scores if score.bigger_is_better is False],
    )
    return RunContent(
        about=about,
        origin=origin,
        grid=grid,
        classes=results.classes,
        year_names=names,
        map_model=map_model,
        beaten=who_beats(map_model.name, scores, texts.of(scores)),
        leaks=leak_alarm(results.leaks, results.limit_leaks),
        texts=texts.of(scores),
        model_features=tuple(model_features(results)),
        tables=build_tables(results, scores, cells, layers, names),
        layers=layers,
        survey=results.survey.dropna(subset="rank").sort_values("rank", ignore_index=True),
    )
