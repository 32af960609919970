"""What a task is called, and what it has looked at: as the manifest tells it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from math import isfinite, nan
from typing import Any

from entropice.report.results import TaskResults
from entropice.report.texts import Text


@dataclass(frozen=True)
class PixelScoreText(Text):
    """A score of pixels, and its best value."""

    best: float


@dataclass(frozen=True)
class TaskText(Text):
    """What is looked for in images, in front of readers.

    Attributes
    ----------
    name
        The namespace of its datasets; its tables and quantities are called ``<name>_…``.
    kind, kind_title
        What is asked of an image.
    nouns
        What is looked for, in the plural, such as ``slumps``.
    source_title
        Where the images come from.
    models, scores
        Those that its tables name, in the readers' order.
    """

    kind: str
    kind_title: str
    nouns: str
    source_title: str
    models: tuple[Text, ...] = ()
    scores: tuple[PixelScoreText, ...] = ()


@dataclass(frozen=True)
class GateFacts:
    """How cells were chosen before any image was taken.

    Attributes
    ----------
    bound
        What the expected missed share of a block was to be kept below.
    threshold_per_km2
        Lowest expected density that passes; None where all cells pass.
    missed_share
        Mean missed share of the blocks it was fitted to.
    n_blocks
        Blocks with finds that it was fitted to.
    """

    bound: float
    threshold_per_km2: float | None
    missed_share: float
    n_blocks: int

    @property
    def told_threshold(self) -> str:
        """The lowest density that passes as readers know it, such as ``4``: per 1,000 km²; ``0`` where all pass.

        Examples
        --------
        >>> GateFacts(0.1, 0.00412, 0.05, 9).told_threshold, GateFacts(0.1, None, 0.0, 9).told_threshold
        ('4.12', '0')
        """
        return f"{1000 * (self.threshold_per_km2 or 0.0):.3g}"


@dataclass(frozen=True)
class TaskFacts:
    """A task of a run: its words, its gate, and how much it has looked at.

    Attributes
    ----------
    years
        Those of images, ascending.
    n_tiles
        Tiles that were imaged in any year.
    n_outlines
        Rows of outlines: an object counts once a year.
    tables, quantities
        Names of those of its own that the run has.
    """

    text: TaskText
    years: tuple[int, ...]
    gate: GateFacts
    n_tiles: int
    n_outlines: int
    tables: tuple[str, ...]
    quantities: tuple[str, ...]

    @property
    def name(self) -> str:
        """The beginning of the names of its tables and quantities."""
        return self.text.name

    @property
    def model_titles(self) -> dict[str, str]:
        """Title by name of each model of pixels."""
        return {model.name: model.title for model in self.text.models}

    @property
    def score_titles(self) -> dict[str, str]:
        """Title by name of each score of pixels."""
        return {score.name: score.title for score in self.text.scores}

    def called(self, own: str) -> str:
        """The name of a table or quantity of the task in the run: ``<task>_<own>``.

        Examples
        --------
        >>> text = TaskText("lakes", "Lakes", "mask", "which pixels", "lakes", "a camera")
        >>> TaskFacts(text, (2020,), GateFacts(0.1, None, 0.0, 9), 3, 2, (), ()).called("tiles")
        'lakes_tiles'
        """
        return f"{self.name}_{own}"

    def entry(self) -> dict[str, Any]:
        """Its entry in the manifest: the fields of `TaskText`, of `TaskFacts` but ``text``, and ``gate`` as a mapping.

        Keys are ``name title kind kind_title nouns source_title models scores years gate n_tiles n_outlines tables
        quantities``; a model is ``name title``, a score has ``best`` beside, the gate is ``bound threshold_per_km2
        missed_share n_blocks``. Numbers may be NaN, as `GateFacts.missed_share` may.
        """
        numbers = {field.name: getattr(self, field.name) for field in fields(self)} | {"gate": asdict(self.gate)}
        del numbers["text"]
        return asdict(self.text) | numbers


def task_of(entry: Mapping[str, Any]) -> TaskFacts:
    """The task of an entry in the manifest; `TaskFacts.entry` is its inverse.

    Raises
    ------
    KeyError
        The entry lacks a field.

    Examples
    --------
    >>> text = TaskText("lakes", "Lakes", "mask", "which pixels", "lakes", "a camera")
    >>> task = TaskFacts(text, (2020,), GateFacts(0.1, None, 0.0, 9), 3, 2, (), ())
    >>> task_of(task.entry()) == task
    True
    """
    plain = {name: entry[name] for name in ("name", "title", "kind", "kind_title", "nouns", "source_title")}
    models = tuple(Text(one["name"], one["title"]) for one in entry["models"])
    scores = tuple(PixelScoreText(one["name"], one["title"], one["best"]) for one in entry["scores"])
    return TaskFacts(
        TaskText(**plain, models=models, scores=scores),
        tuple(entry["years"]),
        gate_facts(entry["gate"]),
        entry["n_tiles"],
        entry["n_outlines"],
        tuple(entry["tables"]),
        tuple(entry["quantities"]),
    )


def task_facts(text: TaskText, results: TaskResults, tables: tuple[str, ...], quantities: tuple[str, ...]) -> TaskFacts:
    """The facts of a task of a run that is being made.

    From the columns ``year tile`` of ``imaged_tiles``, the number of outlines, and the gate.

    Parameters
    ----------
    tables, quantities
        Names of those of its own that the run has.

    Examples
    --------
    >>> import pandas as pd
    >>> from types import SimpleNamespace
    >>> tiles = pd.DataFrame({"tile": ["a", "a", "b"], "year": [2021, 2020, 2021]})
    >>> gate = {"bound": 0.1, "threshold_per_km2": None, "missed_share": 0.0, "n_blocks": 9}
    >>> results = SimpleNamespace(imaged_tiles=tiles, outlines=[1, 2], gate=gate)
    >>> facts = task_facts(TaskText("lakes", "Lakes", "mask", "which pixels", "lakes", "a camera"), results, (), ())
    >>> facts.years, facts.n_tiles, facts.n_outlines
    ((2020, 2021), 2, 2)
    """
    tiles = results.imaged_tiles
    return TaskFacts(
        text=text,
        years=tuple(sorted(int(year) for year in tiles["year"].unique())),
        gate=gate_facts(results.gate),
        n_tiles=int(tiles["tile"].nunique()),
        n_outlines=len(results.outlines),
        tables=tables,
        quantities=quantities,
    )


def gate_facts(gate: Mapping[str, Any]) -> GateFacts:
    """Those of the dataset ``gate``; a threshold that is no number, such as -inf, lets all cells pass.

    A missed share of None is NaN.

    Examples
    --------
    >>> gate_facts({"bound": 0.1, "threshold_per_km2": float("-inf"), "missed_share": None, "n_blocks": 3})
    GateFacts(bound=0.1, threshold_per_km2=None, missed_share=nan, n_blocks=3)
    """
    threshold, missed_share = gate["threshold_per_km2"], gate["missed_share"]
    is_threshold = threshold is not None and isfinite(threshold)
    return GateFacts(
        bound=float(gate["bound"]),
        threshold_per_km2=float(threshold) if is_threshold else None,
        missed_share=nan if missed_share is None else float(missed_share),
        n_blocks=int(gate["n_blocks"]),
    )
