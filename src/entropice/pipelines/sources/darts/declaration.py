"""DARTS: slump outlines of a mapping model, and the footprints it has seen."""

from entropice.pipelines.download.files import plan_files
from entropice.pipelines.download.parameters import FilesParameters
from entropice.pipelines.sources.darts.virtual import digitise_slumps, draw_footprints
from entropice.pipelines.sources.declaration import Download, LabelSource, Licence, VirtualFile
from entropice.sources.slumps.columns import OutlineFormat

DARTS = LabelSource(
    "darts",
    licence=Licence(
        "DARTS",
        "CC BY 4.0",
        "DARTS: Nitze et al. 2025, Scientific Data 12:1512, doi 10.1038/s41597-025-05810-2; data doi "
        "10.18739/A22B8VD7C, CC BY 4.0.",
        "doi.org/10.18739/A22B8VD7C",
    ),
    download=Download("labels", FilesParameters, plan_files, is_regional=False),
    virtual_files=(
        VirtualFile(draw_footprints, ("world",), ("coverage_file",)),
        VirtualFile(digitise_slumps, ("world", "coverage_file"), ("truth", "rts_file")),
    ),
    title="DARTS outlines",
    parameters=OutlineFormat,
    outline_format=lambda section: section,
    corrects_coverage=False,
)
