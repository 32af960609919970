"""Progress bars for long loops."""

from collections.abc import Iterable, Iterator, Sized
from typing import TypeVar

Item = TypeVar("Item")


def progress(items: Iterable[Item], description: str, total: int | None = None) -> Iterator[Item]:
    """Yield every item unchanged and in order, drawing a bar on standard error where it is a terminal."""
    from rich.console import Console
    from rich.progress import track

    if total is None and isinstance(items, Sized):
        total = len(items)
    console = Console(stderr=True)
    yield from track(items, description=description, total=total, console=console, disable=not console.is_terminal)
