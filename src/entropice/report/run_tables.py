"""What charts and sections ask of a run, whether it is being made or lies finished in a folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Protocol

from entropice.report.layers import Layer, layer_of
from entropice.report.shares import BAYES_LIMIT
from entropice.report.shown import Tables
from entropice.report.task_facts import TaskFacts, task_of
from entropice.report.texts import ModelText, SchemeText, ScoreText, Text, Texts
from entropice.types import DataFrame


@dataclass(frozen=True)
class RunFacts:
    """What the rows of a run's tables are called in front of readers, and in which order they are shown.

    Attributes
    ----------
    title, purpose
        Of the run; the purpose is ``model`` where it claims something about the world.
    grid_name
        System of the grid, such as ``h3`` or ``healpix``.
    class_names
        Ordered, the class without slumps first.
    class_edges
        Between the classes above the first, as slump area per land area.
    year_names
        Label year → what to call it, ascending.
    map_model
        The model behind the map.
    texts
        The models, schemes and scores that occur.
    layers
        Top of the map first.
    table_titles
        Of every table that the run has, by name.
    tasks
        What was looked for in images.
    """

    noun: ClassVar[str] = "run"

    title: str
    purpose: str
    grid_name: str
    class_names: tuple[str, ...]
    class_edges: tuple[float, ...]
    year_names: Mapping[int, str]
    map_model: Text
    texts: Texts
    layers: tuple[Layer, ...]
    table_titles: Mapping[str, str]
    tasks: tuple[TaskFacts, ...] = ()

    @cached_property
    def model_titles(self) -> dict[str, str]:
        """Title by name of each model that has scores."""
        return {model.name: model.title for model in self.texts.models}

    @property
    def map_model_title(self) -> str:
        """What the model behind the map is called among the others; its own title where it has no scores."""
        return self.model_titles.get(self.map_model.name, self.map_model.title)

    def filled(self, text: str) -> str:
        """A text with the title of the model behind the map in place of ``{map_model}``; doubled braces become one.

        Raises
        ------
        KeyError
            Another name stands in braces.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> RunFacts.filled(SimpleNamespace(map_model=Text("espa", "eSPA")), "By {map_model}, in {{braces}}.")
        'By eSPA, in {braces}.'
        """
        return text.format(map_model=self.map_model.title)

    @property
    def id_base(self) -> int:
        """How numbers of cells are spelt: hexadecimal by H3, else decimal."""
        return 16 if self.grid_name == "h3" else 10

    def spelt_cell(self, cell_id: int) -> str:
        """The number of a cell as users of its grid write it: of H3 in lower-case hexadecimal, else decimal.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> [RunFacts.spelt_cell(SimpleNamespace(id_base=base), 255) for base in (16, 10)]
        ['ff', '255']
        """
        return format(cell_id, "x" if self.id_base == 16 else "d")

    @property
    def has_truth(self) -> bool:
        """Whether the attainable limit is known: ``bayes_limit`` is among the models with scores."""
        return BAYES_LIMIT in self.model_titles


class RunTables(Tables[RunFacts], Protocol):
    """A run: its tables, and what they mean."""

    @property
    def judged(self) -> DataFrame:
        """What the run is judged by, worked out once: `frames.forecasts.forecasts_to_judge` of its ``out_of_fold``.

        Columns as those of ``out_of_fold``, with titles for names of models.
        """


def facts_of_manifest(manifest: Mapping[str, Any]) -> RunFacts:
    """The facts of a finished run, from the content of its ``manifest.json``.

    Descriptions of schemes and scores are not there; a run without ``tasks`` has none.

    Raises
    ------
    KeyError
        The manifest lacks a field.
    """
    names = ("name", "title", "is_reference"), ("name", "title"), ("name", "title", "bigger_is_better")
    models, schemes, scores = (
        [{field: entry[field] for field in fields} for entry in manifest[key]]
        for key, fields in zip(("models", "schemes", "score_names"), names, strict=True)
    )
    return RunFacts(
        title=manifest["title"],
        purpose=manifest["purpose"],
        grid_name=manifest["grid"]["grid_name"],
        class_names=tuple(manifest["classes"]["names"]),
        class_edges=tuple(manifest["classes"]["edges"]),
        year_names={int(year): name for year, name in manifest["year_names"].items()},
        map_model=Text(manifest["map_model"]["name"], manifest["map_model"]["title"]),
        texts=Texts(
            tuple(ModelText(**model) for model in models),
            tuple(SchemeText(**scheme) for scheme in schemes),
            tuple(ScoreText(**score) for score in scores),
        ),
        layers=tuple(map(layer_of, manifest["layers"])),
        table_titles={table["table"]: table["title"] for table in manifest["tables"]},
        tasks=tuple(map(task_of, manifest.get("tasks", ()))),
    )
