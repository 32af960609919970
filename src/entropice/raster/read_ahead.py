"""Reads done one ahead, so that work on one and reading of the next go on at the same time."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")


def read_ahead(reads: Sequence[Callable[[], Part]]) -> Iterator[Part]:
    """Yield what each read gives, in order, while a thread does the next one.

    The caller's thread does the first, and a single read starts none: GDAL sets up every new thread anew, which takes
    longer than reading a small file. What a read raises is raised where its part is due.

    Parameters
    ----------
    reads
        One or more. A read begins when the part two before it is no longer needed.

    Raises
    ------
    IndexError
        There are no reads; when the first part is asked for.

    Examples
    --------
    >>> list(read_ahead([lambda: "first", lambda: "second"]))
    ['first', 'second']
    """
    part = reads[0]()
    with ThreadPoolExecutor(max_workers=1) as reader:
        for following in reads[1:]:
            ahead = reader.submit(following)
            yield part
            part = ahead.result()
    yield part
