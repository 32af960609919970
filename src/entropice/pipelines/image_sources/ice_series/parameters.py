"""Parameters of real series of ice."""

from typing import Annotated

from pydantic import Field

from entropice.base_model import StrictModel
from entropice.pipelines.tasks.names import one_of
from entropice.sources.ice.products import CONCENTRATIONS
from entropice.sources.series.declaration import NetcdfProduct, RasterProduct
from entropice.sources.series.registry import series_product_named


class FieldGrid(StrictModel):
    """The pixels that fields have, EPSG:3413."""

    left_m: float = Field(description="outer edge in the west of the grid")
    top_m: float = Field(description="outer edge in the north of the grid")
    pixel_m: float = Field(gt=0, description="edge of a pixel")
    n_rows: int = Field(ge=8)
    n_columns: int = Field(ge=8)


class IceSeriesParameters(StrictModel):
    """What the files are of, and which pixels fields get."""

    product: Annotated[str, one_of("series of ice", (product.name for product in CONCENTRATIONS))] = Field(
        description="whose numbers, flags and names the files have"
    )
    grid: FieldGrid = Field(description="onto which they are warped")

    @property
    def declared(self) -> RasterProduct | NetcdfProduct:
        """The product of that name, as it is declared: how its files are read, with numbers, flags and names."""
        return series_product_named(self.product, CONCENTRATIONS)
