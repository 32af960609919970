"""The model in the folder of a finished run."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from entropice.errors import InputFileError
from entropice.io.checksums import DigestOf
from entropice.io.of_finished_runs import OfFinishedRuns
from entropice.sha256 import sha256_of, sha256_of_value

if TYPE_CHECKING:
    from entropice.report.model_files import ModelFiles

MANIFEST: Final = "manifest.json"
MODEL: Final = ("model.json", "model.npz")
NAME_A_RUN: Final = "name the folder of a finished run, which holds manifest.json: --params model=RUN_FOLDER"


@dataclass(frozen=True)
class ModelOfRun:
    """What a run folder holds of its model.

    Attributes
    ----------
    path
        The file of its document.
    run
        ``run_id`` and ``title``.
    """

    path: str
    run: dict[str, str]
    files: "ModelFiles"


class ModelOfRunDataset(OfFinishedRuns[ModelOfRun]):
    """The model in a run folder, wherever that lies; its manifest says what the files hold. Read, never written."""

    def load(self) -> ModelOfRun:
        """Verify both files, then read."""
        self.verify()
        return self.read(self.path)

    def read(self, path: Path) -> ModelOfRun:
        """Read both files."""
        from entropice.report.model_files import read_model_files

        manifest = self._manifest()
        try:
            files = read_model_files(path)
        except (OSError, ValueError, KeyError) as error:
            raise _damaged(path / MODEL[0], str(error), manifest) from error
        return ModelOfRun(str(path / MODEL[0]), {key: manifest[key] for key in ("run_id", "title")}, files)

    def verify(self, digest_of: DigestOf = sha256_of) -> None:
        """Pass only if both files are as the run has written them.

        Raises
        ------
        InputFileError
            There is no run folder, its run was made by a version that kept no model, or a file is missing or damaged.
        """
        manifest = self._manifest()
        expected = {file["name"]: file["sha256"] for file in manifest["files"]}
        for name in MODEL:
            file = self.path / name
            if name not in expected:
                raise InputFileError(
                    "This run keeps no model.",
                    path=self.path / MANIFEST,
                    field="files",
                    got=f"no {name}",
                    expected=" and ".join(MODEL),
                    fix=f"make the run again with this version: {manifest['rebuild_command']}",
                )
            if not file.is_file():
                raise _damaged(file, "no file", manifest)
            if digest_of(file) != expected[name]:
                raise _damaged(file, "another SHA-256", manifest)

    def content_sha256(self, digest_of: DigestOf) -> str | None:
        """One SHA-256 for both files; None where one is missing."""
        files = [self.path / name for name in MODEL]
        return sha256_of_value([digest_of(file) for file in files]) if all(map(Path.is_file, files)) else None

    def _manifest(self) -> dict[str, Any]:
        path = self.path / MANIFEST
        try:
            manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            if not {"files", "run_id", "title", "rebuild_command"} <= manifest.keys():
                raise ValueError("a document without run_id, title, files and rebuild_command")
        except (OSError, ValueError, AttributeError) as error:
            raise InputFileError(
                "This is no folder of a finished run.",
                path=path,
                field="model",
                got=getattr(error, "strerror", None) or str(error),
                expected="manifest.json, model.json and model.npz of a finished run",
                fix=NAME_A_RUN,
            ) from error
        return manifest


def _damaged(file: Path, got: str, manifest: dict[str, Any]) -> InputFileError:
    return InputFileError(
        "The model is not as its run has written it.",
        path=file,
        field="content",
        got=got,
        expected=f"what {MANIFEST} beside it names",
        fix=f"copy the whole run folder again, or make the run again: {manifest['rebuild_command']}",
    )
