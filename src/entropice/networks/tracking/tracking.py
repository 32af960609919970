"""What is kept of a training elsewhere, and where."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entropice.networks.log import Row
from entropice.networks.tracking.registry import TRACKERS
from entropice.networks.tracking.tracker import TrackedRun, Tracker
from entropice.sha256 import sha256_of_value


@dataclass(frozen=True)
class Tracking:
    """Where a training is tracked, and what of it.

    Attributes
    ----------
    places
        What each tracker is given, by its name; none where it is not named.
    experiment
        The name under which runs that belong together are kept.
    parameters
        What is noted of the training once, by name.
    documents
        Texts that are added as files when it ends, by their names.
    """

    places: Mapping[str, str] = field(default_factory=dict)
    experiment: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)

    def opened(self, made_with: Mapping[str, Any]) -> list[Tracker]:
        """The trackers of the one training that is made with this.

        In the order of `TRACKERS`, an empty list without places. The run's identity is the SHA-256 of `made_with` and
        `parameters`, so a training that goes on finds its run.
        """
        identity = sha256_of_value({"made_with": made_with, "parameters": dict(self.parameters)})
        run = TrackedRun(identity, self.experiment, self.parameters)
        return [kind.open(run, self.places[kind.name]) for kind in TRACKERS if kind.name in self.places]

    def finish(self, trackers: Sequence[Tracker], rows: Sequence[Row], files: Sequence[Path]) -> None:
        """Close the run in all of them, with the files and documents of the training.

        Documents are written to a folder that is deleted afterwards; trackers copy them, after the files.
        """
        with tempfile.TemporaryDirectory() as folder:
            documents = [Path(folder, name) for name in self.documents]
            for path in documents:
                path.write_text(self.documents[path.name], encoding="utf-8")
            for tracker in trackers:
                tracker.finish(rows, [*files, *documents])
