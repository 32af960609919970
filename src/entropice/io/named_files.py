"""Files that parameters name, such as the outline of a region: their content counts as the name does."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def named_files(parameters: Any, prefix: str = "") -> Iterator[tuple[str, Path]]:
    """Every file that stands at a path among plain values, by the dotted name of its parameter; lists count from 0."""
    children: Any = {}
    if isinstance(parameters, Mapping):
        children = parameters
    elif isinstance(parameters, list | tuple):
        children = dict(enumerate(parameters))
    elif isinstance(parameters, str) and os.path.isfile(parameters):  # noqa: PTH113 - texts may be no valid path
        yield prefix, Path(parameters)
    for key, value in children.items():
        yield from named_files(value, f"{prefix}.{key}" if prefix else str(key))
