"""What a manifest tells of how a run was judged, and of what it was made: more than a map needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .fields import Fields
from .manifest_file import read_manifest_file

FOLDS = "folds"
LABELS = ("rts", "coverage", "land")
"""The datasets that labels are made of."""


@dataclass(frozen=True)
class Score:
    """A named score of a model in a scheme of folds; the ends are of its 95 % interval, None where unknown."""

    scheme: str
    model: str
    name: str
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Driver:
    """A set of `n_features` alike features, or a whole group, and what the model loses in log skill without it.

    The ends are of its 95 % interval, `null` is the 95 % quantile of what chance gives, and `is_discovery` says whether
    the set goes beyond chance with false discoveries controlled.
    """

    title: str
    is_group: bool
    n_features: int
    weight: float | None
    low: float | None
    high: float | None
    null: float | None
    is_discovery: bool


@dataclass(frozen=True)
class Feature:
    """A feature of the run's cells; `unit` is as UDUNITS spells it."""

    name: str
    title: str
    unit: str
    description: str


@dataclass(frozen=True)
class RunRecord:
    """`titles` are what to call schemes, models and scores by name, `digests` the SHA-256 of the files of each dataset.

    `map_model` is the name of the model that draws the map.
    """

    map_model: str
    titles: Mapping[str, str]
    scores: tuple[Score, ...]
    drivers: tuple[Driver, ...]
    features: Mapping[str, Feature]
    digests: Mapping[str, tuple[str, ...]]

    def title(self, name: str) -> str:
        """What to call a scheme, model or score; its name where the run has no title for it."""
        return self.titles.get(name, name)


def read_run_record(folder: Path) -> RunRecord:
    """The record of the run in `folder`.

    Raises
    ------
    RunFolderError
        A value is not as the schema says.
    """
    fields = read_manifest_file(folder)
    named = [entry for key in ("schemes", "models", "score_names") for entry in fields.objects(key)]
    return RunRecord(
        map_model=fields.object("map_model").text("name"),
        titles={entry.text("name"): entry.text("title") for entry in named},
        scores=tuple(_score(entry) for entry in fields.objects("scores")),
        drivers=tuple(_driver(entry) for entry in fields.objects("drivers")),
        features={entry.text("name"): _feature(entry) for entry in fields.objects("features")},
        digests=_digests(fields),
    )


def _score(fields: Fields) -> Score:
    value, low, high = (_optional_number(fields, key) for key in ("value", "low_95", "high_95"))
    return Score(fields.text("scheme"), fields.text("model"), fields.text("score"), value, low, high)


def _driver(fields: Fields) -> Driver:
    weight, low, high, null = (_optional_number(fields, key) for key in ("weight", "low_95", "high_95", "null_q95"))
    is_group = fields.text("level") == "group"
    title = fields.text("feature_group" if is_group else "long_name")
    is_discovery = _optional_number(fields, "is_discovery") == 1
    return Driver(title, is_group, fields.whole_number("n_features"), weight, low, high, null, is_discovery)


def _feature(fields: Fields) -> Feature:
    described = "; ".join(fields.text(key) for key in ("statistic", "source", "years"))
    return Feature(fields.text("name"), fields.text("long_name"), fields.text("unit"), described)


def _optional_number(fields: Fields, key: str) -> float | None:
    return None if fields.is_null(key) else fields.number(key)


def _digests(fields: Fields) -> dict[str, tuple[str, ...]]:
    files = [(entry.text("dataset"), entry.text("sha256")) for entry in fields.objects("intermediates")]
    return {name: tuple(digest for dataset, digest in files if dataset == name) for name in (FOLDS, *LABELS)}
