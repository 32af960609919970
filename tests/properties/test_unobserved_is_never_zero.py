"""Zero slumps means that somebody looked and found nothing: from the files to the label table, whatever they hold."""

from functools import partial

import geopandas as gpd
import label_steps
import numpy as np
import pytest
import shapely
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from entropice.crs import POLAR_CRS
from entropice.pipelines.labels.parameters import LabelParameters
from entropice.sources.periods import periods_of

KM = 1000.0
WEST, SOUTH = -1000 * KM, -1000 * KM
YEARS = (2021, 2022)
FORMAT = {
    "columns": {"year": None, "date": "date", "label_class": "class", "label_type": "type", "probability": "p"},
    "slump_classes": ["slump"],
    "empty_classes": ["nothing"],
    "other_classes": ["lake"],
    "outline_types": ["Polygon"],
    "no_outline_types": ["Box", "Point"],
}
PER_YEAR = LabelParameters.model_validate({"years": YEARS, "polygons": FORMAT})
POOLED = LabelParameters.model_validate({"years": [2022], "pooled_from": 2021, "polygons": FORMAT})


def square_km(x, y, width=1.0, height=1.0):
    return shapely.box(WEST + x * KM, SOUTH + y * KM, WEST + (x + width) * KM, SOUTH + (y + height) * KM)


FAR = square_km(100, 0, 10, 10)
"""A cell that nothing random reaches: seen in both years, with a slump in both, so that there is something to learn."""
CELLS = gpd.GeoDataFrame(
    {"cell_id": np.arange(5, dtype=np.uint64)},
    geometry=[*(square_km(10 * i, 0, 10, 10) for i in range(4)), FAR],
    crs=POLAR_CRS,
)
LAND = gpd.GeoDataFrame(geometry=[shapely.union(square_km(0, 0, 35, 8), FAR)], crs=POLAR_CRS)
FAR_OUTLINES = [("slump", "Polygon", str(year), 0.9, FAR.centroid.buffer(KM)) for year in YEARS]
FAR_FOOTPRINTS = [("2021,2022", FAR)]

SINGLE_YEARS = st.sampled_from(["2020", "2021", "2022", "2021-07-01,2021-08-15"])
RANGES = st.sampled_from(["2020", "2021", "2021,2022", "2019,2021", "2022-01-01,2023-01-01", "2010,2019"])
PLACE = st.builds(square_km, st.floats(-2, 41), st.floats(-2, 11), st.floats(0.01, 12), st.floats(0.01, 12))


def rows(dates):
    kinds = st.sampled_from(["Polygon", "Polygon", "Box", "Point"])
    classes = st.sampled_from(["slump", "slump", "nothing", "lake"])
    return st.lists(st.tuples(classes, kinds, dates, st.sampled_from([0.1, 0.9]), PLACE), max_size=8)


FOOTPRINTS = st.lists(st.tuples(st.sampled_from(["2021", "2022", "2021,2022"]), PLACE), max_size=5)


def label(outlines, footprints, parameters):
    classes, kinds, dates, probabilities, places = zip(*outlines, *FAR_OUTLINES, strict=True)
    shapes = [place.centroid if kind == "Point" else place for kind, place in zip(kinds, places, strict=True)]
    columns = {"class": classes, "type": kinds, "date": dates, "p": probabilities}
    rts_file = gpd.GeoDataFrame(columns, geometry=shapes, crs=POLAR_CRS)
    coverage_file = gpd.GeoDataFrame(
        {"year": [years for years, _ in (*footprints, *FAR_FOOTPRINTS)]},
        geometry=[place for _, place in (*footprints, *FAR_FOOTPRINTS)],
        crs=POLAR_CRS,
    )
    rts, _ = partial(label_steps.normalise_rts, source="polygons")(rts_file, CELLS, parameters)
    coverage, _ = partial(label_steps.correct_coverage, source="polygons")(coverage_file, rts_file, CELLS, parameters)
    return label_steps.label_cells(CELLS, LAND, rts, coverage, parameters), rts_file, coverage_file


def years_of(value):
    first, *last = (int(part[:4]) for part in value.split(","))
    return set(range(first, (last or [first])[0] + 1))


def was_seen(cell, period, rts_file, coverage_file):
    """Whether half of the cell's land lies in footprints of the period, or in ground found empty within it."""
    covers = [any(int(y) in period for y in years.split(",")) for years in coverage_file["year"]]
    is_empty = (
        (rts_file["class"] == "nothing")
        & (rts_file["type"] != "Point")
        & rts_file["date"].map(lambda date: years_of(date) <= period)
    )
    seen = shapely.union_all([*coverage_file.geometry[covers], *rts_file.geometry[is_empty]])
    land = cell & LAND.geometry.item()
    return (seen & land).area >= (0.5 - 1e-4) * land.area > 0


def holds_a_slump(cell, period, rts_file):
    """Whether a slump of the file may lie in the cell in some year of the period."""
    may_be = (
        (rts_file["class"] == "slump")
        & (rts_file["p"] > 0.5)
        & rts_file["date"].map(lambda date: bool(years_of(date) & period))
    )
    return rts_file.geometry[may_be].intersects(cell.buffer(-1.0)).any()


@pytest.mark.parametrize(
    ("parameters", "dates"), [(PER_YEAR, SINGLE_YEARS), (POOLED, RANGES)], ids=["single years", "pooled"]
)
def test_zero_is_where_somebody_looked_and_no_slump_is_known(parameters, dates):
    @settings(max_examples=60, phases=[Phase.generate])
    @given(rows(dates), FOOTPRINTS)
    def law(outlines, footprints):
        labels, rts_file, coverage_file = label(outlines, footprints, parameters)
        periods = {
            period.last_year: set(range(period.first_year, period.last_year + 1))
            for period in periods_of(parameters.years, parameters.pooled_from)
        }
        zeros = labels[(labels["rts_area_m2"] == 0) | (labels["rts_area_fraction"] == 0)]
        for cell_id, year in zeros[["cell_id", "year"]].itertuples(index=False):
            cell, period = CELLS.geometry[int(cell_id)], periods[year]
            assert was_seen(cell, period, rts_file, coverage_file)
            assert not holds_a_slump(cell, period, rts_file)
        assert (labels["state"] != "unobserved").any()
        assert labels.loc[labels["rts_per_km2"].notna(), "state"].ne("unobserved").all()
        assert labels.loc[labels["state"] == "unobserved", "rts_count"].ne(0).fillna(True).all()

    law()
