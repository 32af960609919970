"""All that a run tells, once: report, map package and manifest are made of it and of nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any

from entropice.report.about import About
from entropice.report.beaten import Beaten, who_beats
from entropice.report.frames.forecasts import forecasts_to_judge
from entropice.report.layers import Layer, build_cells
from entropice.report.leak_alarm import LeakAlarm, leak_alarm
from entropice.report.origin import Origin
from entropice.report.out_of_fold import out_of_fold_of
from entropice.report.quantities import predicted_years, quantities, years_of_run
from entropice.report.results import RunResults
from entropice.report.run_tables import RunFacts
from entropice.report.shares import share_of_limit
from entropice.report.table import Table
from entropice.report.tables import build_tables, model_features
from entropice.report.task_facts import TaskFacts, TaskText, task_facts
from entropice.report.task_quantities import task_quantities
from entropice.report.task_tables import task_layers, task_tables
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
        The cells to look at next, first choice first: ``cell_id year lon_deg lat_deg p_any is_applicable
        information_bits cost_km2 value_per_1000_km2 rank cumulative_km2`` (`entropice.learning.survey`).
    tasks
        What was looked for in images.
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
    tasks: tuple[TaskFacts, ...] = ()

    @cached_property
    def facts(self) -> RunFacts:
        """As the manifest tells them; titles of layers and tables are marked where the run claims nothing."""
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
            tasks=self.tasks,
        )

    @cached_property
    def judged(self) -> DataFrame:
        """The forecasts that it is judged by, with the columns of ``out_of_fold``; titles for names of models.

        Those under the first scheme, with ``p_any`` and ``happened``: `frames.forecasts.forecasts_to_judge`. May have
        no rows.
        """
        return forecasts_to_judge(self.frame("out_of_fold"), self.facts)

    def frame(self, table: str) -> DataFrame:
        """The rows of a table, with its columns in their units: `Table.values`.

        Raises
        ------
        KeyError
            The run has no table of that name.
        """
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
    tasks: Sequence[TaskText] = (),
) -> RunContent:
    """Bring the datasets of a run into tables and layers.

    Tables and layers of tasks come beside those of the run; the survey keeps the ranked rows alone, by rank. Nothing
    that is given is changed.

    Parameters
    ----------
    results
        The datasets, under the names of `RunResults`.
    grid
        ``key``, and the metadata that xdggs decodes.
    year_names
        Of the predicted years; a year that is missing here is called by its number.
    map_model
        What draws the map, and how it was chosen.
    texts
        Every declared model, scheme and score; the content has those that occur in the scores.
    tasks
        The words of every task that has results.

    Raises
    ------
    KeyError
        A task has words and no results.
    """
    class_names = results.classes["names"]
    forecasts = out_of_fold_of(results.out_of_fold, class_names[0], texts.of(results.scores), map_model.name)
    names = {year: year_names.get(year, str(year)) for year in predicted_years(results)}
    titles = {str(name): str(feature.attrs["long_name"]) for name, feature in results.features.data_vars.items()}
    scores = share_of_limit(
        results.scores,
        results.bayes_limit_scores,
        unshared=[score.name for score in texts.scores if not score.has_share_of_limit],
        falling=[score.name for score in texts.scores if score.bigger_is_better is False],
    )
    known = (*quantities(class_names, titles, forecasts), *chain.from_iterable(map(task_quantities, tasks)))
    cells, layers = build_cells(years_of_run(results, forecasts), known)
    tables = build_tables(results, scores, cells, layers, names)
    own = {task: {table.name: table for table in task_tables(task, results.tasks[task.name])} for task in tasks}
    around = [layer for task, of_task in own.items() for layer in task_layers(task, of_task)]
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
        tables=tables | {name: table for of_task in own.values() for name, table in of_task.items()},
        layers=(*around, *layers),
        survey=results.survey.dropna(subset="rank").sort_values("rank", ignore_index=True),
        tasks=tuple(
            task_facts(task, results.tasks[task.name], tuple(of_task), _quantities_of(task, layers))
            for task, of_task in own.items()
        ),
    )


def _quantities_of(task: TaskText, layers: Sequence[Layer]) -> tuple[str, ...]:
    declared = {quantity.name for quantity in task_quantities(task)}
    return tuple(layer.quantity for layer in layers if layer.quantity in declared)
