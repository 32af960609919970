"""Chance that depends on names alone."""

import math
from hashlib import blake2b
from typing import Final

_BITS: Final = 53
"""A double holds whole numbers of this many bits exactly."""


def uniform_of(*names: object) -> float:
    """A number in [0, 1) that is always the same for names, and uniform and independent over different ones.

    Notes
    -----
    The first 53 bits of BLAKE2b (RFC 7693) of the names' text: nothing depends on platform, process or library
    version, nor on what else is drawn.
    """
    digest = blake2b("\x1f".join(map(str, names)).encode(), digest_size=8).digest()
    return math.ldexp(int.from_bytes(digest, "big") >> (64 - _BITS), -_BITS)
