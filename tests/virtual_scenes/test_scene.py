import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.features import rasterize

from entropice.errors import ConfigError
from entropice.imagery.bands import band_named
from entropice.imagery.samples import Place
from entropice.raster.bounds import Bounds
from entropice.virtual_scenes.scene import BANDS, Scenes


def busy(active, year=2022):
    """Places of slumps, the largest first."""
    return active[active["year"] == year].sort_values("area_m2", ascending=False)


def assert_same(one, other, window, other_window):
    for first, second in (
        (one.image.values, other.image.values),
        (one.image.valid, other.image.valid),
        (one.slump_ids, other.slump_ids),
    ):
        np.testing.assert_array_equal(first[..., *window], second[..., *other_window])


def test_a_scene_has_known_values_in_their_bands_ranges(scenes, active, place_at):
    row = busy(active).iloc[0]
    scene = scenes.at(place_at(row["x_m"], row["y_m"]))
    assert scene.image.bands == BANDS
    assert scene.image.values.dtype == np.float32
    assert scene.image.values.shape == scene.image.valid.shape == (6, 96, 96)
    for band, values, valid in zip(scene.image.bands, scene.image.values, scene.image.valid, strict=True):
        declared = band_named(band)
        assert np.isfinite(values).all()
        assert values[valid].min() >= declared.low
        assert values[valid].max() <= declared.high
    assert row["slump_id"] in scene.slump_ids


@settings(max_examples=12)
@given(
    index=st.integers(0, 30),
    down=st.integers(-39, 40),
    right=st.integers(-39, 40),
    n_pixels=st.integers(40, 90),
    pixel_m=st.sampled_from([3.0, 3.7, 6.0, 10.0]),
    year=st.sampled_from([2021, 2022, 2023]),
)
def test_places_that_share_pixels_show_the_same_there(
    scenes, active, place_at, index, down, right, n_pixels, pixel_m, year
):
    row = busy(active).iloc[index]
    one = place_at(row["x_m"], row["y_m"], year, pixel_m, 80)
    other = Place(one.left_m + right * pixel_m, one.top_m - down * pixel_m, pixel_m, n_pixels, year)
    bottom, end = min(80, down + n_pixels), min(80, right + n_pixels)
    rows, columns = (max(0, down), bottom), (max(0, right), end)
    assert rows[0] < rows[1]
    assert columns[0] < columns[1]
    window = slice(*rows), slice(*columns)
    other_window = slice(rows[0] - down, rows[1] - down), slice(columns[0] - right, columns[1] - right)
    assert_same(scenes.at(one), scenes.at(other), window, other_window)


def test_a_seam_of_strips_is_seamless_between_places(scenes, place_at):
    corner = -1584000.0 + 24000, 1296000.0
    whole = scenes.at(place_at(*corner, n_pixels=96))
    part = scenes.at(place_at(corner[0] + 24 * 6, corner[1] - 24 * 6, n_pixels=48))
    assert_same(whole, part, (slice(48, 96), slice(48, 96)), (slice(None), slice(None)))


def test_a_scene_does_not_depend_on_what_was_seen_before(
    scenes, terrain, truth, world, specification, active, place_at
):
    row = busy(active).iloc[3]
    place = place_at(row["x_m"], row["y_m"])
    again = Scenes(terrain, truth, world, specification).at(place)
    assert_same(scenes.at(place), again, (slice(None), slice(None)), (slice(None), slice(None)))


def test_masks_have_the_area_of_outlines_and_of_the_world(clear_scenes, active, place_at):
    drawn_m2 = outlined_m2 = 0.0
    for _, row in busy(active).iloc[5:45].iterrows():
        place = place_at(row["x_m"], row["y_m"], pixel_m=3.0, n_pixels=256)
        scene, outlines = clear_scenes.at(place), clear_scenes.outlines(place)
        left_m, bottom_m, right_m, top_m = place.bounds_m
        whole = outlines[outlines.within(shapely.box(left_m, bottom_m, right_m, top_m))]
        expected = rasterize(
            zip(outlines.geometry, outlines["slump_id"], strict=True),
            (256, 256),
            transform=Bounds(left_m, bottom_m, right_m, top_m).transform(3.0),
            dtype="int32",
        )
        assert (expected != scene.slump_ids).mean() < 0.002
        for _, slump in whole.iterrows():
            drawn_m2 += 9.0 * (scene.slump_ids == slump["slump_id"]).sum()
            outlined_m2 += slump.geometry.area
        true_m2 = whole.to_crs("EPSG:6931").area
        np.testing.assert_allclose(true_m2, whole["area_m2"], rtol=0.01)
    assert drawn_m2 == pytest.approx(outlined_m2, rel=0.03)


def test_in_the_reference_year_areas_are_the_worlds(clear_scenes, active, place_at):
    by_id = active.set_index("slump_id")["area_m2"]
    row = busy(active).iloc[1]
    outlines = clear_scenes.outlines(place_at(row["x_m"], row["y_m"], 2022, 10.0, 1024))
    assert len(outlines)
    expected = [by_id[[slump_id]].iloc[0] for slump_id in outlines["slump_id"]]
    np.testing.assert_allclose(outlines["area_m2"], expected)


def test_slumps_of_other_years_are_in_no_mask(clear_scenes, active, place_at):
    row = busy(active, 2021).iloc[0]
    of_year = set(active.loc[active["year"] == 2023, "slump_id"])
    place = place_at(row["x_m"], row["y_m"], 2023, 10.0, 512)
    seen = set(np.unique(clear_scenes.at(place).slump_ids).tolist()) - {0}
    assert seen <= of_year
    assert seen <= set(clear_scenes.outlines(place)["slump_id"])


def test_mean_slope_follows_the_worlds(clear_scenes, terrain, place_at):
    random = np.random.default_rng(3)
    rows, columns = np.nonzero(terrain["land"].to_numpy()[2:-2, 2:-2])
    rise_y, rise_x = np.gradient(terrain["elevation_m"].to_numpy(), 1000.0)
    pairs = []
    for number in random.choice(len(rows), 40, replace=False):
        row, column = rows[number] + 2, columns[number] + 2
        x_m, y_m = float(terrain["x"][column]), float(terrain["y"][row])
        image = clear_scenes.at(place_at(x_m, y_m, pixel_m=10.0)).image
        slope = np.hypot(*np.gradient(image.values[-1], 10.0)).mean()
        pairs.append((slope, np.hypot(rise_x, rise_y)[row, column]))
        assert abs(image.values[-1].mean() - float(terrain["elevation_m"][row, column])) < 40
    assert np.corrcoef(np.array(pairs).T)[0, 1] > 0.75


def test_ice_roughens_the_ground(terrain, truth, world, clear, active, place_at):
    rough, row = [], busy(active).iloc[2]
    for ice in (-1.5, 1.5):
        ground_ice = terrain["ground_ice"] * 0 + np.float32(ice)
        scenes = Scenes(terrain.assign(ground_ice=ground_ice), truth, world, clear)
        values = scenes.at(place_at(row["x_m"] + 1500, row["y_m"])).image.values[-1]
        rough.append(np.abs(np.diff(values, n=2)).mean())
    assert rough[1] > 1.3 * rough[0]


def test_the_sea_has_no_elevation(clear_scenes, terrain, place_at):
    sea = np.argwhere(~terrain["land"].to_numpy())[0]
    x_m, y_m = float(terrain["x"][sea[1]]), float(terrain["y"][sea[0]])
    scene = clear_scenes.at(place_at(x_m, y_m, n_pixels=64))
    assert not scene.image.valid[-1].any()
    assert scene.image.valid[:-1].all()
    assert (scene.slump_ids == 0).all()


def test_years_of_the_world_alone(scenes, place_at):
    with pytest.raises(ConfigError, match="no slumps of this year") as caught:
        scenes.at(place_at(-1400000.0, 1100000.0, 1999))
    assert (caught.value.got, caught.value.expected) == (1999, "2021, 2022, 2023")


def test_clouds_hide_optical_bands_and_neither_elevation_nor_truth(scenes, clear_scenes, active, place_at):
    """Over a strip wide place with slumps, so that some strip has clouds."""
    hidden = 0
    for _, row in busy(active).iloc[:60].iterrows():
        place = place_at(row["x_m"], row["y_m"], pixel_m=10.0)
        scene = scenes.at(place)
        optical, elevation = scene.image.valid[:-1], scene.image.valid[-1]
        assert (optical == optical[0]).all()
        assert (scene.image.values[:-1][~optical] == 0).all()
        np.testing.assert_array_equal(elevation, clear_scenes.at(place).image.valid[-1])
        np.testing.assert_array_equal(scene.slump_ids, clear_scenes.at(place).slump_ids)
        hidden += (~optical[0] & (scene.slump_ids > 0)).sum()
    assert hidden > 0


def test_a_slump_is_bare_and_lies_in_a_hollow(clear_scenes, active, place_at):
    """Against the ground around it, on average over many; no single number tells it apart."""
    greener, lower = [], []
    for _, row in busy(active).iloc[10:50].iterrows():
        scene = clear_scenes.at(place_at(row["x_m"], row["y_m"], pixel_m=3.0))
        inside = scene.slump_ids == row["slump_id"]
        red, nir, elevation_m = (scene.image.values[BANDS.index(band)] for band in ("red", "nir", "elevation"))
        ndvi = (nir - red) / (nir + red)
        greener.append(np.median(ndvi[scene.slump_ids == 0]) - np.median(ndvi[inside]))
        lower.append(np.ptp(elevation_m[inside]))
    assert np.mean(greener) > 0.05
    assert np.min(greener) < 0.05
    assert np.min(lower) > 1


def test_each_sees_its_own_world(terrain, truth, world, clear, active, place_at):
    row = busy(active).iloc[0]
    place = place_at(row["x_m"], row["y_m"], n_pixels=64)
    other = world.model_copy(update={"seed": world.seed + 1})
    one, two = (Scenes(terrain, truth, each, clear).at(place).image.values for each in (world, other))
    assert (one != two).mean() > 0.99


def test_all_years_must_lie_within_the_law_of_growth(terrain, truth, world, specification):
    growth = specification.growth.model_copy(update={"reference_year": 2030})
    with pytest.raises(ConfigError, match="does not reach back") as caught:
        Scenes(terrain, truth, world, specification.model_copy(update={"growth": growth}))
    assert caught.value.field == "growth"


def test_densities_are_checked_before_anything_is_drawn(terrain, truth, world, specification):
    wrong = specification.model_copy(update={"lookalikes_per_km2": {"pond": 1.0}})
    with pytest.raises(ConfigError, match="do not fit"):
        Scenes(terrain, truth, world, wrong)


def test_the_elevation_model_has_the_same_errors_in_all_years(
    clear_scenes, terrain, truth, world, clear, active, place_at
):
    relief = clear.relief.model_copy(update={"error_m": 0.7})
    rough = Scenes(terrain, truth, world, clear.model_copy(update={"relief": relief}))
    row = busy(active).iloc[0]
    errors = []
    for year in (2021, 2023):
        place = place_at(row["x_m"], row["y_m"], year)
        with_errors, without = (scenes.at(place).image.values for scenes in (rough, clear_scenes))
        np.testing.assert_array_equal(with_errors[:-1], without[:-1])
        errors.append(with_errors[-1] - without[-1])
    assert errors[0].std() == pytest.approx(0.7, rel=0.5)
    np.testing.assert_allclose(errors[0], errors[1], atol=1e-3)
