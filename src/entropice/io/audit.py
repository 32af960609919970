"""What an audit reads and writes: a finished map, the sample drawn from it, the answers, the result."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from kedro.io import DatasetError

from entropice.errors import InputFileError, RunStateError
from entropice.io.checksums import DigestOf, verify_recorded_files
from entropice.io.of_run_folder import OfRunFolder
from entropice.io.previews import DescriptionPreview
from entropice.io.recorded import RecordedDataset
from entropice.io.sources import SourceDataset
from entropice.sha256 import sha256_of

if TYPE_CHECKING:
    from entropice.learning.audit.audited_map import AuditedMap
    from entropice.learning.audit.sheet import FilledSheet
    from entropice.report.audit import AuditResult, AuditSample


class AuditedMapDataset(OfRunFolder["AuditedMap"]):
    """The map in the folder of a run, or of a run's model that was applied."""

    part = "map"
    names = ("run.gpkg", "model.json")

    def read(self, path: Path) -> "AuditedMap":
        """Read the cells with their chances.

        ``cell_id lon_deg lat_deg p_any_rts_<year>…`` of every predicted label year, EPSG:3413, a row a cell, from
        ``run.gpkg``; beside them the training prevalence of ``model.json``, and what ``manifest.json`` says of grid and
        years.

        Raises
        ------
        InputFileError
            The folder is none of a finished run, or one of its files is damaged.
        """
        import pyogrio

        from entropice.learning.audit.audited_map import P_ANY, AuditedMap, training_prevalence

        manifest = self.manifest()
        package, document = (path / name for name in self.names)
        columns = ["cell_id", "lon_deg", "lat_deg", *(f"{P_ANY}_{year}" for year in manifest["years"])]
        try:
            cells = pyogrio.read_dataframe(package, layer="cells", columns=columns)
            prevalence = training_prevalence(json.loads(document.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError) as error:
            raise self.damaged(package, str(error)) from error
        return AuditedMap(
            str(path / "manifest.json"),
            f"run_{manifest['run_id']}",
            manifest["title"],
            manifest["grid"]["key"],
            tuple(manifest["years"]),
            cells,
            prevalence,
        )


class AuditSampleDataset(DescriptionPreview, RecordedDataset["AuditSample", list[str]]):
    """A folder with the sheet to be filled in and the outlines of its cells; loads as the names of its files.

    People write into it, so what stands there is replaced only where it is as it was written.
    """

    is_folder = True

    def save(self, data: "AuditSample") -> None:
        """Write as every output, unless a sample with answers stands there.

        Raises
        ------
        RunStateError
            What stands there is not as it was written, or writing fails; nothing is changed.
        """
        self.require_untouched()
        super().save(data)

    def require_untouched(self) -> None:
        """Pass only if nothing stands there, or what was written.

        Raises
        ------
        RunStateError
            A sample stands there that was filled in, or that this project did not write.
        """
        if self.path.exists() and not self._is_untouched():
            raise RunStateError(
                "A sample that somebody has changed stands where another would be drawn; nothing was changed.",
                path=self.path,
                field="content",
                got="files that were changed or added after the sample was drawn",
                expected="the sample as it was drawn, or nothing",
                fix="give the folder another name to keep the answers, or delete it, then draw again",
            )

    def read(self, path: Path) -> list[str]:
        """Names of its files, sorted; none of them is opened."""
        return sorted(file.name for file in path.iterdir())

    def write(self, data: "AuditSample", path: Path) -> None:
        """Write ``sample.csv``, the sheet to be filled in, and ``cells.gpkg``, the outlines of its cells.

        The sheet has the columns ``map cell year lon_deg lat_deg p_any weight observed``, the last one empty; outlines
        are the table ``sample``, EPSG:3413.
        """
        from entropice.report.audit import write_audit_sample

        write_audit_sample(data, path)

    def _is_untouched(self) -> bool:
        try:
            self.verify()
        except InputFileError:
            return False
        return True


class FilledSheetDataset(SourceDataset[NoReturn, "FilledSheet"]):
    """The sheet of an audit that a person has filled in; read, never written."""

    def read(self, path: Path) -> "FilledSheet":
        """Read the CSV through the checks of ``entropice.learning.audit.sheet``: a row a cell that was answered.

        Columns are ``map cell year lon_deg lat_deg p_any weight observed``, the last one boolean: of ``1 yes true``, or
        ``0 no false``, in any case. 30 answers are needed.

        Raises
        ------
        InputFileError
            It is no CSV, a column is missing, an answer or number cannot be, a cell comes twice, or too few were
            answered.
        """
        from entropice.learning.audit.sheet import read_sheet

        return read_sheet(path)

    def write(self, data: NoReturn, path: Path) -> None:  # noqa: ARG002 - the signature is the base's
        """Refuse: people fill in sheets.

        Raises
        ------
        DatasetError
            Always.
        """
        raise DatasetError("sheets that were filled in are read-only")


class AuditResultDataset(DescriptionPreview, RecordedDataset["AuditResult", dict[str, Any]]):
    """A folder with correction, scores and corrected map; loads as the document of the correction."""

    is_folder = True

    def verify(self, digest_of: DigestOf = sha256_of) -> None:
        """Pass only if every file is as it was written; others do no harm.

        Raises
        ------
        InputFileError
            No record, or a recorded file was changed or removed since.
        """
        verify_recorded_files(self.path, digest_of)

    def read(self, path: Path) -> dict[str, Any]:
        """Read the correction, ``correction.json``, as plain values.

        Keys are ``map title grid years n_drawn n_answered n_with intercept slope share_with_slumps
        intercept_at_slope_1 statement mean_p_any``, as of `entropice.learning.audit.verdict.told`.
        """
        document: dict[str, Any] = json.loads((path / "correction.json").read_text(encoding="utf-8"))
        return document

    def write(self, data: "AuditResult", path: Path) -> None:
        """Write ``correction.json``, ``scores.csv``, ``corrected.csv`` and ``corrected.gpkg``.

        Of each cell and year ``corrected.csv`` has ``p_any``, and ``p_any_corrected`` with the ends ``_low`` and
        ``_high``; the GeoPackage has the same by year in the table ``cells``.
        """
        from entropice.report.audit import write_audit_result

        write_audit_result(data, path)
