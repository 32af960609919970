"""An upright rectangle in a projected CRS."""

from dataclasses import dataclass

from rasterio.transform import Affine, from_origin


@dataclass(frozen=True)
class Bounds:
    """Outer edges of a rectangle, in metres."""

    left_m: float
    bottom_m: float
    right_m: float
    top_m: float

    def grown(self, margin_m: float) -> "Bounds":
        """Move every edge outwards; a negative margin undoes a positive one."""
        return Bounds(self.left_m - margin_m, self.bottom_m - margin_m, self.right_m + margin_m, self.top_m + margin_m)

    def shape(self, pixel_size_m: float) -> tuple[int, int]:
        """Rows and columns of the pixels that fill the rectangle."""
        n_rows = round((self.top_m - self.bottom_m) / pixel_size_m)
        return n_rows, round((self.right_m - self.left_m) / pixel_size_m)

    def transform(self, pixel_size_m: float) -> Affine:
        """From (column, row) of the pixels that fill the rectangle to coordinates; row 0 is at the top."""
        return from_origin(self.left_m, self.top_m, pixel_size_m, pixel_size_m)

    def intersection(self, other: "Bounds") -> "Bounds | None":
        """The rectangle both share; None where they share no area."""
        shared = Bounds(
            max(self.left_m, other.left_m),
            max(self.bottom_m, other.bottom_m),
            min(self.right_m, other.right_m),
            min(self.top_m, other.top_m),
        )
        has_area = shared.left_m < shared.right_m and shared.bottom_m < shared.top_m
        return shared if has_area else None
