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
class Feature:
    """A feature of the run's cells; `unit` is as UDUNITS spells it.

    The numbers that the run keeps of it are to be multiplied by `scale_factor`; None where it keeps none.
    """

    name: str
    title: str
    unit: str
    description: str
    scale_factor: float | None = None


@dataclass(frozen=True)
class RunRecord:
    """`titles` are what to call schemes, models and scores by name, `digests` the SHA-256 of the files of each dataset.

    `map_model` is the name of the model that draws the map.
    """

    map_model: str
    titles: Mapping[str, str]
    scores: tuple[Score, ...]
    features: Mapping[str, Feature]
    digests: Mapping[str, tuple[str, ...]]

    def title(self, name: str) -> str:
        """What to call a scheme, model or score; its name where the run has no title for it.

        A scheme, a model and a score of one name share a title.
        """
        return self.titles.get(name, name)


def read_run_record(folder: Path) -> RunRecord:
    """The record of the run in `folder`.

    It comes from ``manifest.json``: scores of ``scores``, in their order; features of ``features``, by name, in their
    order; and of ``intermediates`` the SHA-256 of the files of ``folds``, ``rts``, ``coverage`` and ``land``, without
    any where the manifest lists none.

    Raises
    ------
    RunFolderError
        A value is not as the schema says. There is no manifest, or it cannot be read.
    """
    fields = read_manifest_file(folder)
    named = [entry for key in ("schemes", "models", "score_names") for entry in fields.objects(key)]
    return RunRecord(
        map_model=fields.object("map_model").text("name"),
        titles={entry.text("name"): entry.text("title") for entry in named},
        scores=tuple(_score(entry) for entry in fields.objects("scores")),
        features={entry.text("name"): _feature(entry) for entry in fields.objects("features")},
        digests=_digests(fields),
    )


def _score(fields: Fields) -> Score:
    value, low, high = (_optional_number(fields, key) for key in ("value", "low_95", "high_95"))
    return Score(fields.text("scheme"), fields.text("model"), fields.text("score"), value, low, high)


def _feature(fields: Fields) -> Feature:
    described = "; ".join(fields.text(key) for key in ("statistic", "source", "years"))
    scale_factor = _optional_number(fields, "scale_factor") if fields.has("scale_factor") else None
    return Feature(fields.text("name"), fields.text("long_name"), fields.text("unit"), described, scale_factor)


def _optional_number(fields: Fields, key: str) -> float | None:
    return None if fields.is_null(key) else fields.number(key)


def _digests(fields: Fields) -> dict[str, tuple[str, ...]]:
    files = [(entry.text("dataset"), entry.text("sha256")) for entry in fields.objects("intermediates")]
    return {name: tuple(digest for dataset, digest in files if dataset == name) for name in (FOLDS, *LABELS)}
