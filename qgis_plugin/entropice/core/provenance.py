"""Where a run comes from, in words: its model, what it was made of, and how to make it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .fields import Fields
from .language import tr
from .manifest_file import read_manifest_file
from .wording import number_text

_BYTES_PER_MB = 1e6


@dataclass(frozen=True)
class Origin:
    """One line: what it is about and what it says."""

    name: str
    value: str


@dataclass(frozen=True)
class Provenance:
    """`rebuild_command` makes the run again, `attributions` are the credits that readers must see."""

    origins: tuple[Origin, ...]
    rebuild_command: str
    attributions: tuple[str, ...]


def read_provenance(folder: Path) -> Provenance:
    """The provenance of the run in `folder`.

    Told are, in this order: run, model of the map, by what it was chosen and whom it has beaten (where it was chosen),
    labels, features, number and megabytes (10⁶ bytes) of source files, version, and the first 12 digits of the SHA-256
    of the code.

    Raises
    ------
    RunFolderError
        A value is not as the schema says. There is no manifest, or it cannot be read.
    """
    fields = read_manifest_file(folder)
    return Provenance(tuple(_origins(fields)), fields.text("rebuild_command"), fields.texts("attributions"))


def _origins(fields: Fields) -> Iterator[Origin]:
    yield Origin(tr("Run"), fields.text("run_id"))
    yield Origin(tr("Map drawn by"), fields.object("map_model").text("title"))
    yield from _choice(fields.object("map_model"))
    composition = fields.object("composition")
    yield Origin(tr("Labels"), composition.text("labels"))
    yield Origin(tr("Features"), ", ".join(composition.texts("features")))
    inputs = list(fields.objects("inputs"))
    megabytes = sum(entry.whole_number("bytes") for entry in inputs) / _BYTES_PER_MB
    yield Origin(tr("Source files"), f"{len(inputs)}, {number_text(megabytes, 3)} MB")
    yield Origin(tr("Entropice"), fields.text("entropice_version"))
    yield Origin(tr("Code"), fields.text("code_sha256")[:12])


def _choice(model: Fields) -> Iterator[Origin]:
    """By what the model was chosen, and how the others did; nothing where none was chosen."""
    chosen = model.optional_object("chosen")
    if chosen is None:
        return
    yield Origin(tr("Chosen by"), f"{chosen.text('criterion')}: {_score(chosen)}")
    others = [f"{other.text('title')} {_score(other)}" for other in chosen.objects("beaten")]
    yield Origin(tr("Others"), "; ".join(others))


def _score(fields: Fields) -> str:
    return number_text(fields.number("score"), 2)
