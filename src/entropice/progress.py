"""What a terminal shows while work goes on: lines of what is done, and below them bars of what is under way.

Lines and bars go through rich's global console, which keeps them apart. Where standard output is no terminal there are
no bars, and lines are not cut.
"""

from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from multiprocessing import parent_process
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rich.progress import Progress

    Update = Callable[[float, str], None]
    """Takes how much is done, and a note beside the bar."""

Item = TypeVar("Item")

_BAR_WIDTH = 16


class _Block:
    """The bars of this process: rich draws one block of bars on a terminal, and no second one."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._block: Progress | None = None

    @contextmanager
    def opened(self) -> "Iterator[Progress]":
        """The block that is open, or else a new one that is closed in the end."""
        with self._lock:
            # Whoever opens first also closes; those within only add bars.
            is_first = self._block is None
            block = self._block = self._block or _new_block()
        try:
            yield block
        finally:
            if is_first:
                self._block = None
                block.stop()


_BLOCK = _Block()


@contextmanager
def bars() -> Iterator[None]:
    """Draw all bars within as one block; however this ends, the terminal is left as it was.

    Within another such context it does nothing of its own. Bars outside of one are drawn as well, each as a block.
    """
    with _BLOCK.opened():
        yield


@contextmanager
def bar(description: str, total: float | None = None) -> "Iterator[Update]":
    """A bar on the terminal; without a total it only says for how long it has been there.

    It is given a function of how much is done, in the unit of the total, and of a note beside it. Where standard output
    is no terminal, or in a process that another one has started, nothing is drawn.
    """
    with _BLOCK.opened() as block:
        block.start()
        task = block.add_task(description, total=total, note="")
        try:
            yield lambda done, note: block.update(task, completed=done, note=note)
        finally:
            block.refresh()
            block.remove_task(task)


def progress(items: Iterable[Item], description: str, total: int | None = None) -> Iterator[Item]:
    """Yield every item unchanged and in order, with a bar on the terminal.

    The bar's total is the number of items where it is not given and they have a length. An item counts as done when the
    next one is asked for; what is raised meanwhile passes.

    Examples
    --------
    >>> list(progress([3, 1, 2], "numbers"))
    [3, 1, 2]
    """
    if total is None and isinstance(items, Sized):
        total = len(items)
    with bar(description, total) as update:
        for n_done, item in enumerate(items, start=1):
            yield item
            update(n_done, f"{n_done:,}" if total is None else f"{n_done:,} of {total:,}")


def show(text: str) -> None:
    """Print text above the bars; a line that is too long for the terminal is cut.

    Nothing is cut where standard output is no terminal; brackets and colons are printed as they are.
    """
    from rich import get_console

    console = get_console()
    cut = {"no_wrap": True, "overflow": "ellipsis"} if console.is_interactive else {"soft_wrap": True}
    console.print(text, markup=False, emoji=False, highlight=False, **cut)


def short_path(path: Path) -> Path:
    """A path from the working folder on, where it lies below it.

    Any other path is given back as it is.
    """
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _new_block() -> "Progress":
    """Bars of a process that was started by another one would be drawn over those of that one."""
    from rich import get_console, progress

    columns = (
        progress.TextColumn("  {task.description}"),
        progress.BarColumn(_BAR_WIDTH),
        progress.TimeElapsedColumn(),
        progress.TextColumn("{task.fields[note]}"),
    )
    console = get_console()
    is_drawn = console.is_interactive and parent_process() is None
    return progress.Progress(*columns, console=console, transient=True, disable=not is_drawn)
