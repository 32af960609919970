"""All that a run hands to whoever works with the files of the published Arctic ice pipeline, as one folder.

Layout::

    manifest.json                        (every sample, and every file with its size and SHA-256)
    dataset_info.json
    models/                              (`entropice.exports.ice_pipeline`)
    processed/  sequences/               (`entropice.exports.ice_pipeline_data`)

Where samples of several tasks would lie in one folder, each task has one of its name there.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from entropice.errors import ConfigError
from entropice.exports.ice_pipeline import ExportedModel, write_models
from entropice.exports.ice_pipeline_data import Part, write_json
from entropice.sha256 import file_entries

MANIFEST: Final = "manifest.json"


@dataclass(frozen=True)
class PublishedFolder:
    """What the folder holds.

    Attributes
    ----------
    models, parts
        Networks and samples by task; samples are read when they are written.
    facts
        What ``dataset_info.json`` says beside what is in the samples, as plain values.

    Raises
    ------
    ConfigError
        Networks of several tasks would have one file.
    """

    models: Mapping[str, ExportedModel]
    parts: Mapping[str, Part]
    facts: Mapping[str, Any]

    def __post_init__(self) -> None:
        files = Counter(model.file for model in self.models.values())
        repeated = [task for task, model in self.models.items() if files[model.file] > 1]
        if repeated:
            raise ConfigError(
                "Networks of several tasks would have one file.",
                field="exporting.stems",
                got=", ".join(f"{task}: {self.models[task].stem}" for task in repeated),
                expected="a stem for each task",
                fix="name each task's stem, or none: it is the task's name then",
            )

    def write(self, folder: Path) -> None:
        """Write every file into an empty folder, ``manifest.json`` last; the same content gives the same bytes.

        ``models/``, the samples of each task in its place (`places_of`), ``dataset_info.json`` with the facts and
        ``samples``, the `Written.info` by place. The manifest has ``samples``, lists of ``key split`` by place, and
        ``files``, a list of ``name bytes sha256`` of every file but itself, by path. A write that breaks off leaves no
        manifest.
        """
        write_models(list(self.models.values()), folder / "models")
        places = places_of(self.parts)
        written = {places[task]: part.write(folder / places[task]) for task, part in self.parts.items()}
        info = {place: dict(each.info) for place, each in written.items()}
        write_json(folder / "dataset_info.json", {**self.facts, "samples": info})
        samples = {place: list(each.samples) for place, each in written.items()}
        write_json(folder / MANIFEST, {"samples": samples, "files": file_entries(folder)})


def places_of(parts: Mapping[str, Part]) -> dict[str, str]:
    """Folder of the samples of each task: what the layout calls it, below it one a task where there are several.

    >>> from types import SimpleNamespace
    >>> processed, sequences = SimpleNamespace(place="processed"), SimpleNamespace(place="sequences")
    >>> places_of({"types": processed, "changes": processed, "frames": sequences})
    {'types': 'processed/types', 'changes': 'processed/changes', 'frames': 'sequences'}
    """
    n_of_place = Counter(part.place for part in parts.values())
    return {task: part.place if n_of_place[part.place] == 1 else f"{part.place}/{task}" for task, part in parts.items()}
