"""Which pixels two places of one frame share."""

from entropice.imagery.samples import Place

Window = tuple[slice, slice]
"""Rows and columns."""


def common_pixels(one: Place, other: Place) -> tuple[Window, Window]:
    """What two places share, as each of them counts it: empty where they share nothing.

    Parameters
    ----------
    one, other
        Corners are whole multiples of the pixel, which both have.

    Returns
    -------
    tuple
        Rows and columns in the one, then rows and columns in the other; of equal length.

    Examples
    --------
    The other lies two pixels further right and one further down:

    >>> one, other = Place(0.0, 40.0, 10.0, 4, 2020), Place(20.0, 30.0, 10.0, 4, 2021)
    >>> common_pixels(one, other)
    ((slice(1, 4, None), slice(2, 4, None)), (slice(0, 3, None), slice(0, 2, None)))
    """
    first_row = round((one.top_m - other.top_m) / one.pixel_m)
    first_column = round((other.left_m - one.left_m) / one.pixel_m)
    rows = _shared(first_row, one.n_pixels, other.n_pixels)
    columns = _shared(first_column, one.n_pixels, other.n_pixels)
    return (rows[0], columns[0]), (rows[1], columns[1])


def _shared(first: int, n_one: int, n_other: int) -> tuple[slice, slice]:
    """Along one axis, where the pixel 0 of the other is the pixel `first` of the one."""
    start = min(max(first, 0), n_one)
    stop = max(min(first + n_other, n_one), start)
    return slice(start, stop), slice(start - first, stop - first)
