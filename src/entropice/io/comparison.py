"""Finished runs below a folder, and what a comparison of them gives."""

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kedro_datasets._typing import ImagePreview

from entropice.errors import InputFileError
from entropice.io.checksums import DigestOf, read_records
from entropice.io.of_finished_runs import OfFinishedRuns
from entropice.io.recorded import RecordedDataset
from entropice.io.step_seconds import seconds_by_step
from entropice.io.text import JsonDataset
from entropice.sha256 import sha256_of, sha256_of_value

if TYPE_CHECKING:
    from entropice.comparison.comparison import Comparison
    from entropice.comparison.finished_run import FinishedRun
    from entropice.runs import Run

MANIFESTS: Final = "**/08_reporting/run/manifest.json"
NO_COST_OF_A_RUN: Final = ("comparison.", "download.", "virtual_arctic.")
"""Steps that compare runs, and that bring or make source files."""

FOLD_CLASSES: Final = "07_model_output/fold_classes.json"


class FinishedRunsDataset(OfFinishedRuns["list[FinishedRun]"]):
    """Every finished run below a folder, by name; read, never written.

    What is being written, and all else below a folder whose name begins with a dot, is left out.
    """

    def load(self) -> "list[FinishedRun]":
        """Open the runs, in the order of their paths; their tables are verified and read when they are asked for.

        Raises
        ------
        InputFileError
            There is none, one follows another schema, or what lies beside one is missing or damaged.
        """
        return self.read(self.path)

    def read(self, path: Path) -> "list[FinishedRun]":
        """Open the runs below a folder, in the order of their paths.

        Their manifests are ``**/08_reporting/run/manifest.json``; what is being written, below names that begin with a
        dot, is left out. A run is named by its working folder, which holds ``08_reporting``, relative to `path`; by
        that folder's own name where it is `path`.

        Raises
        ------
        InputFileError
            There is none, one follows another schema, or what lies beside one is missing, damaged or of another run.
        """
        manifests = self._manifests()
        if not manifests:
            raise InputFileError(
                "There is no finished run to compare.",
                path=path,
                field="comparison.runs_root",
                got="no run folder below it",
                expected=f"at least one of {MANIFESTS}",
                fix="kedro run, for each grid with --params grid=…; or name another folder in comparison.runs_root",
            )
        return [self._finished_run(manifest) for manifest in manifests]

    def verify(self, digest_of: DigestOf = sha256_of) -> None:
        """Nothing is done here: each run folder is verified when it is read."""

    def content_sha256(self, digest_of: DigestOf) -> str:
        """One SHA-256 for all manifests, which name the content of every file, and for the seconds that are noted.

        It is `sha256_of_value` of a dict of run → SHA-256 of its manifest, and seconds by step; empty without runs.
        """
        found = {self._name(path): [digest_of(path), _seconds(path)] for path in self._manifests()}
        return sha256_of_value(found)

    def _manifests(self) -> list[Path]:
        found = self.path.glob(MANIFESTS)
        return sorted(path for path in found if not any(_is_hidden(part) for part in path.relative_to(self.path).parts))

    def _name(self, manifest: Path) -> str:
        work_folder = manifest.parents[2]
        return work_folder.name if work_folder == self.path else work_folder.relative_to(self.path).as_posix()

    def _finished_run(self, manifest: Path) -> "FinishedRun":
        from entropice.comparison.finished_run import FinishedRun
        from entropice.runs import open_run

        run = open_run(manifest.parent)
        return FinishedRun(self._name(manifest), run, _fold_classes(manifest, run), _seconds(manifest))


def _fold_classes(manifest: Path, run: "Run") -> dict[str, Any]:
    classes = JsonDataset(filepath=str(manifest.parents[2] / FOLD_CLASSES))
    rebuild = run.manifest["rebuild_command"]
    if not classes.is_recorded:
        raise InputFileError(
            "What a run was tested with is not beside it.", path=classes.path, got="no file with a record", fix=rebuild
        )
    try:
        classes.verify()
    except InputFileError as error:
        error.fix = rebuild
        raise
    _require_own(classes, run)
    return classes.read(classes.path)


def _require_own(classes: JsonDataset, run: "Run") -> None:
    """Pass only classes that the run was made with."""
    of_run = [item["sha256"] for item in run.manifest["intermediates"] if item["dataset"] == "fold_classes"]
    found = [item.sha256 for item in read_records(classes.path)]
    if found != of_run:
        raise InputFileError(
            "What lies beside a run is of another run.",
            path=classes.path,
            field="content",
            got=f"SHA-256 {', '.join(found)}",
            expected=f"{', '.join(of_run) or 'none'}, as {run.folder / 'manifest.json'} says",
            fix=f"finish the run: {run.manifest['rebuild_command']}",
        )


def _seconds(manifest: Path) -> dict[str, float]:
    work_folder = manifest.parents[2]
    noted = seconds_by_step(work_folder.parent / "logs", work_folder.name)
    return {step: seconds for step, seconds in noted.items() if not step.startswith(NO_COST_OF_A_RUN)}


def _is_hidden(name: str) -> bool:
    return name.startswith(".")


class ComparisonDataset(RecordedDataset["Comparison", dict[str, Any]]):
    """A folder with the tables, figure and map of a comparison; loads as the names and sizes of its files."""

    is_folder = True

    def read(self, path: Path) -> dict[str, Any]:
        """The size in bytes of every file of the folder, by name."""
        return {file.name: file.stat().st_size for file in sorted(path.iterdir())}

    def write(self, data: "Comparison", path: Path) -> None:
        """Write a CSV a table, ``comparison.html``, ``.svg`` and ``.png``, and ``units.gpkg`` with the map.

        Tables are ``runs.csv``, ``skill.csv``, ``differences.csv`` and ``agreement.csv``.
        """
        from entropice.comparison.folder import write_comparison

        write_comparison(data, path)

    def preview(self) -> ImagePreview:
        """Its figure, for Kedro-Viz.

        It is ``comparison.png``; the folder is verified before.

        Raises
        ------
        RunStateError
            It has not been made yet.
        InputFileError
            A file was changed, added or removed since.
        """
        self.load()
        return ImagePreview(base64.b64encode((self.path / "comparison.png").read_bytes()).decode())
