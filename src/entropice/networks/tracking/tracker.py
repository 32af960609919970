"""What keeps the log of a training elsewhere, beside the CSV that every training leaves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from entropice.errors import ConfigError
from entropice.networks.log import Row


@dataclass(frozen=True)
class TrackedRun:
    """A training as trackers know it.

    Attributes
    ----------
    identity
        Digest of all that the training is made with. One that was interrupted and one that goes on with it have the
        same, and so are one run.
    experiment
        The name under which runs that belong together are kept.
    parameters
        What is noted of it once, by name.
    """

    identity: str
    experiment: str
    parameters: Mapping[str, str]


class Tracker(Protocol):
    """A place in which one run is kept; opened again, it goes on with what it has."""

    def log(self, rows: Sequence[Row]) -> None:
        """Add those epochs that are not there yet; measures that are not defined are left out.

        Parameters
        ----------
        rows
            The log from the first epoch on, each time; ``epoch`` from 1 on, and measures.
        """

    def finish(self, rows: Sequence[Row], files: Sequence[Path]) -> None:
        """Add files and close the run; done again, it leaves the same.

        Rows are the whole log; files are there, and are copied under their names.
        """


@dataclass(frozen=True)
class TrackerKind:
    """One kind of places.

    Attributes
    ----------
    name, title
        In parameters, and of the extra that brings its package; for people.
    where
        What a parameter says to have it: a folder, an address.
    module
        What is imported of the package.
    open
        The place of a run.
    """

    name: str
    title: str
    where: str
    module: str
    open: Callable[[TrackedRun, str], Tracker]

    def require_installed(self, where: str) -> None:
        """Pass only where its package is.

        It is looked for and not imported. `where` is what the parameter says, and is named in the error.

        Raises
        ------
        ConfigError
            It is not.
        """
        if find_spec(self.module) is None:
            raise ConfigError(
                f"{self.title} needs the extra {self.name}, which is not installed.",
                field=f"tracking.{self.name}",
                got=where,
                expected=f"the module {self.module}",
                fix=f'pip install "entropice[{self.name}]", or set tracking.{self.name} to null',
            )


def measured(row: Row) -> dict[str, float]:
    """The measures of an epoch that are defined: all of a row but ``epoch`` and NaN, as floats.

    Examples
    --------
    >>> measured({"epoch": 1, "iou": 0.5, "recall": float("nan"), "n": 3})
    {'iou': 0.5, 'n': 3.0}
    """
    return {name: float(value) for name, value in row.items() if name != "epoch" and value == value}
