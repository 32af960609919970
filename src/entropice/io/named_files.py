"""Files and folders that parameters name, such as the outline of a region: their content counts as the name does."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def named_files(parameters: Any, prefix: str = "") -> Iterator[tuple[str, Path]]:
    """Every file or folder that stands at a path among plain values, by the dotted name of its parameter.

    Lists count from 0. A folder is meant only by a text with a separator or a suffix, such as ``outline.gdb``: one word
    may be the name of anything. Texts at which nothing stands are no files.

    `parameters` are dicts, lists and plain values, however deep; `prefix` stands before every name.

    Examples
    --------
    >>> from tempfile import NamedTemporaryFile
    >>> with NamedTemporaryFile() as file:
    ...     found = dict(named_files({"region": {"outlines": ["nowhere.gpkg", file.name], "level": 4}}))
    ...     found == {"region.outlines.1": Path(file.name)}
    True
    """
    children: Any = {}
    if isinstance(parameters, Mapping):
        children = parameters
    elif isinstance(parameters, list | tuple):
        children = dict(enumerate(parameters))
    elif isinstance(parameters, str) and _is_named(parameters):
        yield prefix, Path(parameters)
    for key, value in children.items():
        yield from named_files(value, f"{prefix}.{key}" if prefix else str(key))


def _is_named(text: str) -> bool:
    """Texts may be no valid path, which ``os.path`` bears and ``pathlib`` does not."""
    return os.path.isfile(text) or (os.path.isdir(text) and (os.sep in text or Path(text).suffix != ""))  # noqa: PTH112, PTH113
