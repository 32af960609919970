"""The model in the folder of a finished run."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from entropice.io.of_run_folder import OfRunFolder

if TYPE_CHECKING:
    from entropice.report.model_files import ModelFiles


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


class ModelOfRunDataset(OfRunFolder[ModelOfRun]):
    """The model in a run folder."""

    part = "model"
    names = ("model.json", "model.npz")

    def read(self, path: Path) -> ModelOfRun:
        """Read both files, ``model.json`` and ``model.npz``, without pickle.

        Raises
        ------
        InputFileError
            The folder is none of a finished run, or one of the files is not what its name says.
        """
        from entropice.report.model_files import read_model_files

        manifest = self.manifest()
        document = path / self.names[0]
        try:
            files = read_model_files(path)
        except (OSError, ValueError, KeyError) as error:
            raise self.damaged(document, str(error)) from error
        return ModelOfRun(str(document), {key: manifest[key] for key in ("run_id", "title")}, files)
