"""What each compared run is, and what the rows of a comparison are called in front of readers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar, Final

from entropice.comparison.finished_run import FinishedRun
from entropice.comparison.settings import Settings
from entropice.report.sections.classes import bounds

SYSTEMS: Final = {"h3": "H3", "healpix": "HEALPix"}
TABLES: Final = {
    "runs": "Runs",
    "skill": "Skill",
    "differences": "Differences between maps",
    "agreement": "Agreement of maps",
}


@dataclass(frozen=True)
class RunText:
    """What a run says of itself; texts as its manifest has them.

    Attributes
    ----------
    name
        Its work folder below the root of all runs.
    system
        Of its grid.
    classes
        Name of each class with its bounds in m² of slump per km² of observed land.
    min_observed_fraction
        Of a cell's land, for the cell to have a label.
    warnings
        What readers must know before they trust it: the manifest's notice, that models beat the map's, that leaks were
        found, as far as there is any.
    """

    name: str
    title: str
    purpose: str
    run_id: str
    system: str
    level: int
    n_cells: int
    map_model: str
    map_model_title: str
    classes: tuple[str, ...]
    min_observed_fraction: float
    labels: str
    features: tuple[str, ...]
    seeds: Mapping[str, int]
    versions: Mapping[str, str]
    code_sha256: str
    rebuild_command: str
    warnings: tuple[str, ...]

    @property
    def grid(self) -> str:
        """Its grid system and level, such as ``HEALPix level 7``."""
        return f"{self.system} level {self.level}"


@dataclass(frozen=True)
class ComparisonFacts:
    """What was compared, and how.

    Attributes
    ----------
    runs
        By grid system, level and name.
    model_titles
        By name.
    years
        Label years, ascending.
    labels_sha256
        Of the slumps, searched ground and land that judge all runs, by dataset.
    """

    noun: ClassVar[str] = "comparison"
    table_titles: ClassVar[Mapping[str, str]] = TABLES

    runs: tuple[RunText, ...]
    model_titles: Mapping[str, str]
    years: tuple[int, ...]
    labels_sha256: Mapping[str, str]
    settings: Settings

    def filled(self, text: str) -> str:
        """The text as it is: names stand in no braces here."""
        return text

    @cached_property
    def by_name(self) -> dict[str, RunText]:
        """The runs by their names."""
        return {run.name: run for run in self.runs}

    @property
    def systems(self) -> list[str]:
        """Grid systems in the order of the runs, each once."""
        return list(dict.fromkeys(run.system for run in self.runs))

    @property
    def versions_that_differ(self) -> dict[str, dict[str, str]]:
        """Of libraries that not all runs were made with alike: version by run, by library.

        A library that a run does not name has the version ``none`` there; libraries come by name.
        """
        names = sorted({library for run in self.runs for library in run.versions})
        found = {library: {run.name: run.versions.get(library, "none") for run in self.runs} for library in names}
        return {library: versions for library, versions in found.items() if len(set(versions.values())) > 1}


def facts_of(runs: Sequence[FinishedRun], labels: Sequence[str], settings: Settings) -> ComparisonFacts:
    """The facts of comparable runs, at least one; `labels` are the datasets that judge them.

    Runs are ordered by grid system, level and name; years and hashes of labels are those of the first that was given.
    Of a model that runs call differently, the last title counts.
    """
    told = sorted(map(_run_text, runs), key=lambda run: (run.system, run.level, run.name))
    first = runs[0].run.manifest
    sha256 = {item["dataset"]: item["sha256"] for item in first["intermediates"] if item["dataset"] in labels}
    titles = {model["name"]: model["title"] for run in runs for model in run.run.manifest["models"]}
    return ComparisonFacts(tuple(told), titles, tuple(runs[0].run.years), sha256, settings)


def _run_text(run: FinishedRun) -> RunText:
    manifest = run.run.manifest
    titles = {model["name"]: model["title"] for model in manifest["models"]}
    system = run.grid.rpartition("_")[0]
    name = run.run.map_model
    return RunText(
        name=run.name,
        title=manifest["title"],
        purpose=manifest["purpose"],
        run_id=manifest["run_id"],
        system=SYSTEMS.get(system, system),
        level=manifest["grid"]["level"],
        n_cells=manifest["n_cells"],
        map_model=name,
        map_model_title=titles.get(name, manifest["map_model"]["title"]),
        classes=_classes(manifest["classes"]),
        min_observed_fraction=manifest["parameters"]["labels"]["min_observed_fraction"],
        labels=manifest["composition"]["labels"],
        features=tuple(manifest["composition"]["features"]),
        seeds=manifest["seeds"],
        versions=manifest["versions"],
        code_sha256=manifest["code_sha256"],
        rebuild_command=manifest["rebuild_command"],
        warnings=_warnings(manifest),
    )


def _classes(classes: Mapping[str, Any]) -> tuple[str, ...]:
    ends = pairwise([0.0, 0.0, *classes["edges"], math.inf])
    return tuple(f"{name}: {bounds(*both)}" for name, both in zip(classes["names"], ends, strict=True))


def _warnings(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    beaten, leaks = manifest["beaten"], manifest["leaks"]
    found = (manifest["notice"], beaten and beaten["statement"], leaks["findings"] and leaks["statement"])
    return tuple(str(text) for text in found if text)
