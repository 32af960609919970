"""Entries of the catalog that nothing can be made of, or that nothing reads."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final

from entropice.app.configuration.files import environment_folders, value_origin
from entropice.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from kedro.io import DataCatalog

NEARLY: Final = 0.75
"""How alike two names are of which one is taken for a slip of the other."""

OWN: Final = "entropice."
"""Where the types of datasets come from."""

_NAMED: Final = re.compile(r"(?:for dataset|instantiate dataset|^Dataset|entry) '([^']+)'", re.MULTILINE)


@dataclass(frozen=True)
class CatalogOrigin:
    """Knows which catalog file of an environment holds an entry."""

    conf: Path
    environment: str | None

    def __call__(self, name: str) -> str:
        """The file that holds the entry; the environment's ``catalog.yml`` where none does."""
        folders = environment_folders(self.conf, self.environment)
        return value_origin((name,), "catalog", folders, self.conf.parent) or f"conf/{self.environment}/catalog.yml"


def checked(make: "Callable[[], DataCatalog]", known: "Collection[str]", origin: CatalogOrigin) -> "DataCatalog":
    """A catalog whose every dataset can be made, and in which no name is a slip of a known one.

    `known` are the datasets of all pipelines. Of two names the one is a slip of the other where `difflib` finds them
    alike by 0.75 or more; entries of ``conf/base`` are none. A known dataset has to be of a type of ``entropice``,
    parameters excepted. Looked for are, in this order: entries of which nothing can be made, slips, and other types.

    Raises
    ------
    ConfigError
        Names the file and the dataset.
    """
    from kedro.io import DatasetError

    try:
        catalog = make()
        for name in dict.fromkeys(
            [*catalog, *sorted(known)]
        ):  # entries with a task's name in braces stand for those that are known
            catalog.get(name)
    except DatasetError as error:
        raise _unmakeable(error, origin) from error
    for name in catalog:
        _require_no_slip(name, known, origin)
    for name in sorted(set(catalog) & set(known)):
        _require_own_type(name, f"{type(catalog.get(name)).__module__}.{type(catalog.get(name)).__qualname__}", origin)
    return catalog


def _require_own_type(name: str, kind: str, origin: CatalogOrigin) -> None:
    """Other types write without checksums, or read what may run code (pickle)."""
    if not kind.startswith(OWN) and not _is_parameter(name):
        raise ConfigError(
            f"The dataset {name} must be of a type of this project.",
            path=origin(name),
            field=f"{name}.type",
            got=kind,
            expected="a type of entropice, which is verified when it is read",
            fix=f"give {name} the type it has in conf/base",
        )


def _is_parameter(name: str) -> bool:
    return name == "parameters" or name.startswith("params:")


def _require_no_slip(name: str, known: "Collection[str]", origin: CatalogOrigin) -> None:
    if name in known or _is_parameter(name):
        return
    nearest = get_close_matches(name, known, n=1, cutoff=NEARLY)
    if nearest and not origin(name).startswith("conf/base/"):
        raise ConfigError(
            f"Nothing reads the dataset {name}; did you mean {nearest[0]}?",
            path=origin(name),
            field=name,
            got=name,
            expected=nearest[0],
            fix=f"call it {nearest[0]}, or remove it",
        )


def _unmakeable(error: Exception, origin: CatalogOrigin) -> ConfigError:
    named = _NAMED.search(str(error))
    name = named[1] if named else "of a dataset"
    lines = [
        line.strip() for line in str(error).splitlines() if line.strip() and name not in line and "Hint" not in line
    ]
    return ConfigError(
        f"Nothing can be made of the entry {name} in the catalog.",
        path=origin(name),
        field=name,
        got=lines[0] if lines else "no `type` and settings",
        expected="a `type` that exists, such as entropice.io.VectorFileDataset, and the settings it takes",
        fix=f"correct the entry {name}, as in conf/base",
    )
