"""Which file a table was read from."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from entropice.errors import EntropiceError
from entropice.types import GeoDataFrame

PATH: Final = "path"


@contextmanager
def errors_name_file_of(frame: GeoDataFrame) -> Iterator[None]:
    """Add to our own errors that name no file the one that `read_vector` has read `frame` from.

    Other errors, and ours that name a file, pass as they are. The file is ``frame.attrs["path"]``.
    """
    try:
        yield
    except EntropiceError as error:
        error.path = error.path or frame.attrs.get(PATH)
        raise
