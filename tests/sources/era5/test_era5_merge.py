import tracemalloc

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from era5_files import monthly_file
from hypothesis import given, settings
from hypothesis import strategies as st

from entropice.errors import SchemaError
from entropice.sources.era5.merge import merge
from entropice.sources.era5.monthly import normalise_monthly
from entropice.sources.era5.slices import in_memory
from entropice.sources.era5.source import open_source, source_from


def whole() -> xr.Dataset:
    return normalise_monthly(source_from({"all": in_memory(monthly_file())}, "era5"))


def keep_attributes(changed: xr.Dataset, raw: xr.Dataset) -> xr.Dataset:
    for name in raw:
        changed[name].attrs = raw[name].attrs
    return changed


def test_files_that_overlap_and_agree_are_merged():
    raw = monthly_file(n_months=4)
    parts = {
        "first": in_memory(raw.isel(valid_time=slice(0, 3))),
        "second": in_memory(raw.isel(valid_time=slice(1, 4))),
    }

    xr.testing.assert_identical(normalise_monthly(source_from(parts, "era5")), whole())


def test_files_that_overlap_and_disagree_are_refused_by_name():
    raw = monthly_file(n_months=4)
    second = raw.isel(valid_time=slice(1, 4)).copy(deep=True)
    second["t2m"][1, 0, 0] += 5
    parts = {"first.nc": in_memory(raw.isel(valid_time=slice(0, 3))), "second.nc": in_memory(second)}

    with pytest.raises(SchemaError, match="different values") as caught:
        normalise_monthly(source_from(parts, "era5"))

    assert (caught.value.path, caught.value.field) == ("second.nc", "t2m")
    assert "2020-02-01" in str(caught.value.sample[0])


def test_a_final_file_replaces_a_preliminary_one_whatever_it_says():
    raw = monthly_file()
    preliminary = keep_attributes(raw + 0.001, raw).assign_coords(expver=("valid_time", ["0005"] * 4))
    parts = {"late": in_memory(preliminary), "final": in_memory(raw.isel(valid_time=slice(0, 3)))}

    climate = normalise_monthly(source_from(parts, "era5"))

    xr.testing.assert_allclose(climate["t2m"][:3], whole()["t2m"][:3])
    np.testing.assert_allclose(climate["t2m"][3], whole()["t2m"][3] + 0.001, rtol=1e-6)
    assert climate.attrs["preliminary_steps"] == ["2020-03"]


@given(seed=st.integers(0, 2**32), share=st.floats(0, 1))
def test_merging_versions_adds_nothing_up_and_loses_nothing(seed, share):
    raw = monthly_file().drop_vars(["number", "expver"])
    masks = np.random.default_rng(seed).random((2, 4, 3, 4)) < share
    known = [xr.DataArray(mask, dims=raw["t2m"].dims) for mask in masks]
    t2m = [raw["t2m"].where(known[0]), (raw["t2m"] + 1).where(known[1])]
    stacked = xr.concat(t2m, pd.Index([1, 5], name="expver")).assign_attrs(units="K")
    field = xr.Dataset({"t2m": stacked})
    source = source_from({"file": in_memory(field)}, "era5")
    months = raw["valid_time"].to_numpy().astype("datetime64[s]")

    merged = merge(source.slices, months, slice(None))

    expected = np.where(known[0], raw["t2m"], np.where(known[1], raw["t2m"] + 1, np.nan))[:, ::-1][:, :, [2, 3, 0, 1]]
    np.testing.assert_allclose(merged.values, expected, rtol=1e-6)
    np.testing.assert_array_equal(merged.is_preliminary, (known[1] & ~known[0]).any(["latitude", "longitude"]))


@settings(max_examples=20)
@given(order=st.permutations(range(6)))
def test_the_order_of_files_does_not_matter(order):
    raw = monthly_file(n_months=6)
    parts = [raw.isel(valid_time=slice(max(0, last - 2), last + 1)) for last in range(6)]
    # the last place of each packed value differs from file to file
    shaken = [keep_attributes(part * (1 + 1e-7 * number), raw) for number, part in enumerate(parts)]

    merged, expected = (
        normalise_monthly(source_from({f"{number}": in_memory(shaken[number]) for number in numbers}, "era5"))
        for numbers in (order, range(6))
    )

    xr.testing.assert_identical(merged, expected)


def test_an_unknown_value_is_filled_by_a_file_that_knows_it():
    raw = monthly_file()
    known = raw["latitude"] > 45
    parts = {
        "north": in_memory(keep_attributes(raw.where(known), raw)),
        "south": in_memory(keep_attributes(raw.where(~known), raw)),
    }

    xr.testing.assert_identical(normalise_monthly(source_from(parts, "era5")), whole())


def test_reading_takes_little_more_memory_than_its_result(tmp_path, monkeypatch):
    for limit in ("BLOCK_BYTES", "MAX_BLOCK_BYTES"):
        monkeypatch.setattr(f"entropice.sources.era5.slices.{limit}", 200_000)
    longitude = np.arange(0, 360, 3.0)
    raw = monthly_file(n_months=480).interp(longitude=longitude, kwargs={"fill_value": "extrapolate"})
    keep_attributes(raw, monthly_file()).drop_encoding().to_netcdf(tmp_path / "climate.nc", engine="netcdf4")
    source = open_source(tmp_path / "climate.nc", "era5")
    normalise_monthly(source, slice(0, 1))

    tracemalloc.start()
    climate = normalise_monthly(source)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert climate.nbytes > 2_000_000
    assert peak_bytes < 1.3 * climate.nbytes + 600_000
