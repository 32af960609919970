"""Parameters of chips of real lakes."""

from typing import Annotated

from pydantic import Field

from entropice.base_model import StrictModel

FolderBelow = Annotated[str, Field(pattern=r"^[^/\\.][^\\]*$")]
"""Path below the folder of the files."""


class LakeChipParameters(StrictModel):
    """Which folders hold the chips and the masks that were drawn again."""

    path: FolderBelow = Field(default="chips", description="folder of <key>.tif, <key>_label.tif and tiles.parquet")
    audits: FolderBelow = Field(default="audits", description="folder of <key>.tif drawn again; it may be absent")
