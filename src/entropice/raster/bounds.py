"""An upright rectangle in a projected CRS."""

from dataclasses import dataclass

from rasterio.transform import Affine, from_origin


@dataclass(frozen=True)
class Bounds:
    """Outer edges of a rectangle, in metres.

    Examples
    --------
    >>> field = Bounds(left_m=0.0, bottom_m=0.0, right_m=30.0, top_m=20.0)
    >>> field.grown(10.0)
    Bounds(left_m=-10.0, bottom_m=-10.0, right_m=40.0, top_m=30.0)
    >>> field.shape(10.0)  # rows, columns
    (2, 3)
    """

    left_m: float
    bottom_m: float
    right_m: float
    top_m: float

    def grown(self, margin_m: float) -> "Bounds":
        """Move every edge outwards by a margin; a negative margin undoes a positive one. Gives a new rectangle.

        Not checked: a negative margin of more than half a side makes left exceed right, or bottom top.
        """
        return Bounds(self.left_m - margin_m, self.bottom_m - margin_m, self.right_m + margin_m, self.top_m + margin_m)

    def shape(self, pixel_size_m: float) -> tuple[int, int]:
        """Rows and columns of the pixels of edge `pixel_size_m` that fill the rectangle.

        A side that is no multiple of the pixel size is rounded to the nearest whole number of pixels, halves to the
        even one.
        """
        n_rows = round((self.top_m - self.bottom_m) / pixel_size_m)
        return n_rows, round((self.right_m - self.left_m) / pixel_size_m)

    def transform(self, pixel_size_m: float) -> Affine:
        """From (column, row) of the pixels that fill the rectangle to coordinates in metres; row 0 is at the top.

        Whole numbers are the pixels' outer corners, so (0.5, 0.5) is the centre of the first pixel.

        Examples
        --------
        >>> to_place = Bounds(0.0, 0.0, 30.0, 20.0).transform(10.0)
        >>> to_place * (0, 0), to_place * (0.5, 0.5)
        ((0.0, 20.0), (5.0, 15.0))
        """
        return from_origin(self.left_m, self.top_m, pixel_size_m, pixel_size_m)

    def intersection(self, other: "Bounds") -> "Bounds | None":
        """The rectangle both share; None where they share no area.

        Examples
        --------
        >>> Bounds(0, 0, 2, 2).intersection(Bounds(1, 1, 3, 3))
        Bounds(left_m=1, bottom_m=1, right_m=2, top_m=2)
        >>> Bounds(0, 0, 2, 2).intersection(Bounds(2, 0, 4, 2)) is None  # they share an edge alone
        True
        """
        shared = Bounds(
            max(self.left_m, other.left_m),
            max(self.bottom_m, other.bottom_m),
            min(self.right_m, other.right_m),
            min(self.top_m, other.top_m),
        )
        has_area = shared.left_m < shared.right_m and shared.bottom_m < shared.top_m
        return shared if has_area else None
