"""Entries of a catalog that nothing can be made of, that nothing reads, or that are of others' types."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kedro.io import DataCatalog

from entropice.app.configuration.catalog_entries import CatalogOrigin, checked
from entropice.errors import ConfigError

VECTOR = {"type": "entropice.io.VectorFileDataset", "filepath": "data/rts.gpkg"}
KNOWN = {"rts_file", "cells"}


@pytest.fixture
def origin(tmp_path: Path) -> CatalogOrigin:
    """A configuration whose `mine` has `rts_fil` in a file of its own, and whose `base` has `rts_fille`."""
    for name, text in {
        "base/catalog.yml": "rts_file:\n  type: x\nrts_fille:\n  type: x\n",
        "mine/slumps/catalog.yml": "rts_fil:\n  type: x\n",
    }.items():
        (tmp_path / "conf" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "conf" / name).write_text(text)
    return CatalogOrigin(tmp_path / "conf", "mine")


def catalog_of(**entries: Any) -> Callable[[], DataCatalog]:
    return lambda: DataCatalog.from_config(entries)


def refused(origin: CatalogOrigin, **entries: Any) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        checked(catalog_of(**entries), KNOWN, origin)
    return caught.value


def test_a_catalog_of_our_own_types_passes_as_it_is(origin: CatalogOrigin) -> None:
    catalog = checked(catalog_of(rts_file=VECTOR), {"rts_file"}, origin)

    assert set(catalog) == {"rts_file"}


def test_the_file_of_an_entry_is_named_and_where_none_has_it_the_one_that_would(origin: CatalogOrigin) -> None:
    assert origin("rts_fil") == "conf/mine/slumps/catalog.yml"
    assert origin("rts_file") == "conf/base/catalog.yml"
    assert origin("nowhere") == "conf/mine/catalog.yml"


def test_a_slip_of_a_name_that_is_read_is_refused(origin: CatalogOrigin) -> None:
    error = refused(origin, rts_file=VECTOR, rts_fil=VECTOR)

    assert error.what == "Nothing reads the dataset rts_fil; did you mean rts_file?"
    assert (error.path, error.expected) == ("conf/mine/slumps/catalog.yml", "rts_file")


def test_what_is_like_no_name_or_stands_in_base_may_be_read_by_nothing(origin: CatalogOrigin) -> None:
    catalog = checked(catalog_of(rts_file=VECTOR, rts_fille=VECTOR, photographs=VECTOR), {"rts_file"}, origin)

    assert {"rts_fille", "photographs"} <= set(catalog)


@pytest.mark.parametrize("entry", [{"type": "entropice.io.NoDataset"}, {"filepath": "x"}])
def test_an_entry_that_nothing_can_be_made_of_is_named(origin: CatalogOrigin, entry: dict[str, str]) -> None:
    error = refused(origin, rts_file=entry)

    assert error.what == "Nothing can be made of the entry rts_file in the catalog."
    assert (error.path, error.field) == ("conf/base/catalog.yml", "rts_file")
    assert "Hint" not in error.got


def test_settings_that_a_type_does_not_take_are_refused(origin: CatalogOrigin) -> None:
    assert refused(origin, rts_file=VECTOR | {"colour": "red"}).field == "rts_file"


@pytest.mark.parametrize(
    "entry", [{"type": "kedro.io.MemoryDataset"}, {"type": "pickle.PickleDataset", "filepath": "x"}]
)
def test_what_is_read_must_be_of_a_type_that_is_verified(origin: CatalogOrigin, entry: dict[str, str]) -> None:
    error = refused(origin, rts_file=entry)

    assert (error.path, error.field) == ("conf/base/catalog.yml", "rts_file.type")
    assert error.got.endswith(entry["type"].rpartition(".")[2])
