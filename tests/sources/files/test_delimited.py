"""Tables of text with coordinates: what is read, as it is written, and what is refused."""

from pathlib import Path

import pytest
from pyproj import CRS

from entropice.errors import ConfigError, EntropiceError, InputFileError, SchemaError
from entropice.sources.files.delimited import read_points


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "slumps.csv"


def test_values_stay_as_they_are_written_and_a_row_without_coordinates_has_no_geometry(file: Path) -> None:
    file.write_text('name,lon,lat\n007,-134.25,69.5\n"a, b",,\n,10,70\n')

    found = read_points(file, "utf-8", None)

    assert found["name"].tolist() == ["007", "a, b", None]
    assert found["lon"].tolist() == ["-134.25", None, "10"]
    assert [None if point is None else point.coords[0] for point in found.geometry] == [
        (-134.25, 69.5),
        None,
        (10.0, 70.0),
    ]
    assert CRS(found.crs).to_epsg() == 4326


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("names", ["lon lat", "Longitude LATITUDE", "long lat_deg", "CentroidLon Latitude_deg"])
def test_any_delimiter_and_any_of_the_names_are_found(file: Path, delimiter: str, names: str) -> None:
    x, y = names.split()
    file.write_bytes(f"\ufeff {x} {delimiter}{y}\r\n1{delimiter}70\r\n\r\n".encode())

    assert [point.coords[0] for point in read_points(file, "utf-8", None).geometry] == [(1.0, 70.0)]


def test_columns_and_crs_may_be_named(file: Path) -> None:
    file.write_text("e,n,lon,longitude\n500000,7700000,,\n")

    found = read_points(file, "utf-8", {"x": "e", "y": "n", "crs": "EPSG:32608"})

    assert found.geometry[0].coords[0] == (500_000.0, 7_700_000.0)
    assert CRS(found.crs).to_epsg() == 32608


@pytest.mark.parametrize(
    ("text", "columns", "kind", "field"),
    [
        ("lon,lat,lat\n1,2,3\n", None, SchemaError, "lat"),
        ("lon,lat\n1,2,3\n", None, SchemaError, "header"),
        ("lon,lat\n1\n", None, SchemaError, "header"),
        ("lon,lat\n1,69°30'\n", None, SchemaError, "lat"),
        ("lon,lat\n1,inf\n", None, SchemaError, "lat"),
        ('lon,lat\n1,"2\n', None, InputFileError, "quotes"),
        ("x,y\n1,2\n", None, ConfigError, "points.x"),
        ("lon,long,lat\n1,2,3\n", None, ConfigError, "points.x"),
        ("lon,north\n1,2\n", None, ConfigError, "points.y"),
        ("e,n\n1,2\n", {"x": "e"}, ConfigError, "points"),
        ("e,n\n1,2\n", {"x": "e", "y": "north"}, ConfigError, "points"),
        ("e,n\n1,2\n", {"x": "e", "y": "n", "z": "e"}, ConfigError, "points"),
        ("e,n\n1,2\n", {"x": "e", "y": "n", "crs": "EPSG:none"}, ConfigError, "points.crs"),
    ],
)
def test_what_does_not_say_where_its_points_are_is_refused(
    file: Path, text: str, columns: dict[str, str] | None, kind: type[EntropiceError], field: str
) -> None:
    file.write_text(text)

    with pytest.raises(kind) as refused:
        read_points(file, "utf-8", columns)

    assert refused.value.field == field
    assert refused.value.path == str(file)


def test_another_encoding_is_told_and_may_be_named(file: Path) -> None:
    file.write_bytes("name,lon,lat\nÅ,1,70\n".encode("cp1252"))

    with pytest.raises(InputFileError) as refused:
        read_points(file, "utf-8", None)
    assert refused.value.field == "encoding"
    assert read_points(file, "cp1252", None)["name"].tolist() == ["Å"]
