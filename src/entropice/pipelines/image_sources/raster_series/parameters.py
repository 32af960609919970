"""Parameters of a folder of rasters."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from entropice.base_model import StrictModel
from entropice.pipelines.tasks.names import one_of, wrong_value
from entropice.sources.series.declaration import RasterProduct, StoredUnit
from entropice.sources.series.registry import RASTER_PRODUCTS, series_product_named, stored_unit

ProductName = Annotated[str, one_of("series of rasters", (product.name for product in RASTER_PRODUCTS))]


class RasterSeriesParameters(StrictModel):
    """What the rasters are of, and how they store it."""

    product: ProductName = Field(description="what the rasters are of")
    unit: str = Field(description="how their numbers say it, one of the product's units; it is never guessed")

    @property
    def declared(self) -> tuple[RasterProduct, StoredUnit]:
        """Product and unit of these names, as they are declared."""
        product = series_product_named(self.product, RASTER_PRODUCTS)
        return product, stored_unit(product, self.unit)

    @model_validator(mode="after")
    def _unit_is_the_products(self) -> Self:
        units = [unit.name for unit in series_product_named(self.product, RASTER_PRODUCTS).units]
        if self.unit not in units:
            raise wrong_value(f"{self.product} is not stored in {self.unit!r}", " or ".join(units), "unit")
        return self
