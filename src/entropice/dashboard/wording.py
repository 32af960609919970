"""Words of a run as text: nothing in them is Markdown, markup or an address to follow."""

import re
from typing import Final

MAX_CHARACTERS: Final = 200


def plain(text: str) -> str:
    """The text as one line of at most 200 characters whose punctuation Markdown takes as it is."""
    line = " ".join(text.split())
    line = line if len(line) <= MAX_CHARACTERS else line[: MAX_CHARACTERS - 1] + "…"
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line)


def counted(n: int, one: str, many: str) -> str:
    """A number with its noun.

    >>> counted(1, "cell", "cells"), counted(1626, "cell", "cells")
    ('1 cell', '1,626 cells')
    """
    return f"{n:,} {one if n == 1 else many}"
