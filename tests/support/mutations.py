"""Bytes as they come from a bad disk, cable or program."""

import random
from collections.abc import Callable
from typing import Final

LONGEST_BLOCK: Final = 4096


def _flipped(content: bytearray, random_: random.Random) -> None:
    content[random_.randrange(len(content))] ^= 1 << random_.randrange(8)


def _cut(content: bytearray, random_: random.Random) -> None:
    del content[random_.randrange(len(content)) :]


def _zeroed(content: bytearray, random_: random.Random) -> None:
    start, stop = _block(content, random_)
    content[start:stop] = bytes(stop - start)


def _spliced(content: bytearray, random_: random.Random) -> None:
    start, stop = _block(content, random_)
    source = random_.randrange(len(content))
    content[start:stop] = content[source : source + stop - start]


def _block(content: bytearray, random_: random.Random) -> tuple[int, int]:
    start = random_.randrange(len(content))
    return start, min(len(content), start + random_.randint(1, LONGEST_BLOCK))


MUTATIONS: Final[dict[str, Callable[[bytearray, random.Random], None]]] = {
    "flip": _flipped,
    "cut": _cut,
    "zeros": _zeroed,
    "splice": _spliced,
}


def mutated(content: bytes, random_: random.Random) -> tuple[str, bytes]:
    """The name of a mutation, and what it makes of a content that is not empty; never the same content."""
    while True:
        name, damaged = random_.choice([*MUTATIONS]), bytearray(content)
        MUTATIONS[name](damaged, random_)
        if damaged != content:
            return name, bytes(damaged)
