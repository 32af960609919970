"""Chance that depends on names alone."""

import math
from hashlib import blake2b
from typing import Final

_BITS: Final = 53
"""A double holds whole numbers of this many bits exactly."""


def uniform_of(*names: object) -> float:
    """A number in [0, 1) that is always the same for names, and uniform and independent over different ones.

    Names are told apart by their text alone, so that 1 and ``"1"`` are one name; their order counts.

    Notes
    -----
    The first 53 bits, over 2⁵³, of the 8 bytes (big-endian) of BLAKE2b (RFC 7693, digest size 8) of the names' text in
    UTF-8, joined by U+001F: nothing depends on platform, process or library version, nor on what else is drawn.

    Examples
    --------
    >>> 0 <= uniform_of(0, "block", 7) < 1, uniform_of(0, "block", 7) == uniform_of("0", "block", "7")
    (True, True)
    >>> uniform_of(0, "block", 7) == uniform_of(7, "block", 0)
    False
    """
    digest = blake2b("\x1f".join(map(str, names)).encode(), digest_size=8).digest()
    return math.ldexp(int.from_bytes(digest, "big") >> (64 - _BITS), -_BITS)
