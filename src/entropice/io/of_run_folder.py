"""Files in the folder of a finished run, wherever that lies; its manifest says what they hold."""

import json
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

from entropice.errors import InputFileError
from entropice.io.checksums import DigestOf
from entropice.io.of_finished_runs import OfFinishedRuns
from entropice.sha256 import sha256_of, sha256_of_value

MANIFEST: Final = "manifest.json"
NAME_A_RUN: Final = "name the folder of a finished run, which holds manifest.json: --params model=RUN_FOLDER"

Held = TypeVar("Held")


class OfRunFolder(OfFinishedRuns[Held]):
    """Some of the files that a run has written. Read, never written.

    Attributes
    ----------
    part
        What the files are of a run.
    names
        Those that are read.
    """

    part: ClassVar[str]
    names: ClassVar[tuple[str, ...]]

    def load(self) -> Held:
        """Verify the files, then read.

        Raises
        ------
        InputFileError
            There is no run folder, its run kept no such file, or one is missing, damaged or not what its name says.
        """
        self.verify()
        return self.read(self.path)

    def verify(self, digest_of: DigestOf = sha256_of) -> None:
        """Pass only if the files are as the run has written them.

        Raises
        ------
        InputFileError
            There is no run folder, its run was made by a version that kept no such file, or one is missing or damaged.
        """
        manifest = self.manifest()
        expected = {file["name"]: file["sha256"] for file in manifest["files"]}
        for name in self.names:
            file = self.path / name
            if name not in expected:
                raise InputFileError(
                    f"This run keeps no {self.part}.",
                    path=self.path / MANIFEST,
                    field="files",
                    got=f"no {name}",
                    expected=" and ".join(self.names),
                    fix=f"make the run again with this version: {manifest['rebuild_command']}",
                )
            if not file.is_file():
                raise self.damaged(file, "no file")
            if digest_of(file) != expected[name]:
                raise self.damaged(file, "another SHA-256")

    def content_sha256(self, digest_of: DigestOf) -> str | None:
        """One SHA-256 for manifest and files (`names`); None where one is missing.

        It is `sha256_of_value` of the list of their SHA-256, the manifest's first.
        """
        files = [self.path / name for name in (MANIFEST, *self.names)]
        return sha256_of_value([digest_of(file) for file in files]) if all(map(Path.is_file, files)) else None

    def manifest(self) -> dict[str, Any]:
        """What the run says of itself: ``manifest.json`` as plain values.

        At least ``run_id``, ``title``, ``files`` and ``rebuild_command`` are there.

        Raises
        ------
        InputFileError
            There is no such file, it is no JSON object, or it lacks one of these.
        """
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
                expected=f"manifest.json, {' and '.join(self.names)} of a finished run",
                fix=NAME_A_RUN,
            ) from error
        return manifest

    def damaged(self, file: Path, got: str) -> InputFileError:
        """Why a file is not taken: an error to raise, which names the file, what is found (`got`) and the fix.

        The fix quotes the manifest, whose own error is raised where there is none that can be read.
        """
        return InputFileError(
            f"The {self.part} is not as its run has written it.",
            path=file,
            field="content",
            got=got,
            expected=f"what {MANIFEST} beside it names",
            fix=f"copy the whole run folder again, or make the run again: {self.manifest()['rebuild_command']}",
        )
