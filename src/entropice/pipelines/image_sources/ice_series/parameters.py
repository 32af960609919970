"""Parameters of real series of ice."""

from typing import Annotated

from pydantic import AfterValidator, Field

from entropice.base_model import StrictModel
from entropice.errors import suggestion
from entropice.pipelines.image_sources.ice_series.licences import LICENCES


def _known(name: str) -> str:
    if name not in LICENCES:
        raise ValueError(f"there is no series {name!r}{suggestion(name, LICENCES)}")
    return name


class FieldGrid(StrictModel):
    """The pixels that fields have, EPSG:3413."""

    left_m: float = Field(description="outer edge in the west of the grid")
    top_m: float = Field(description="outer edge in the north of the grid")
    pixel_m: float = Field(gt=0, description="edge of a pixel")
    n_rows: int = Field(ge=8)
    n_columns: int = Field(ge=8)


class IceSeriesParameters(StrictModel):
    """A folder with the files of one product, a file a day or a month."""

    product: Annotated[str, AfterValidator(_known)] = Field(description="whose numbers, flags and names they have")
    folder: str = Field(min_length=1, description="its files may lie in subfolders; all of them count")
    grid: FieldGrid = Field(description="onto which they are warped")
