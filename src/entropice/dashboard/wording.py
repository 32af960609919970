"""Words of a run as text: nothing in them is Markdown, markup or an address to follow."""

import math
import re
from typing import Final

MAX_CHARACTERS: Final = 200


def plain(text: str, n_characters: int = MAX_CHARACTERS) -> str:
    r"""The text as one line, cut to a length, whose punctuation Markdown takes as it is.

    White space of any kind becomes one blank; what is longer than `n_characters` ends in …; then each ASCII punctuation
    mark gets a backslash before it, which the length does not count.

    Examples
    --------
    >>> plain("a  *b*\n[c]"), plain("abcdef", 4)
    ('a \\*b\\* \\[c\\]', 'abc…')
    """
    line = " ".join(text.split())
    line = line if len(line) <= n_characters else line[: n_characters - 1] + "…"
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", line)


def counted(n: int, one: str, many: str) -> str:
    """A number with its noun.

    >>> counted(1, "cell", "cells"), counted(1626, "cell", "cells")
    ('1 cell', '1,626 cells')
    """
    return f"{n:,} {one if n == 1 else many}"


def number(value: float) -> str:
    """Three significant digits, without an exponent where that is readable.

    From 1e-4 on and below 1e12 in size, and for 0, there is none; NaN is ``nan``.

    >>> number(783_412.0), number(1.6419), number(5.24e-06), number(0.0)
    ('783,000', '1.64', '5.24e-06', '0')
    """
    if value == 0 or not 1e-4 <= abs(value) < 1e12:
        return f"{value:.3g}"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{round(value, 2 - math.floor(math.log10(abs(value)))):,.{digits}f}"
