"""Run folders that somebody made to do harm, or that an accident made harmful; each is one entry of `HOSTILE`.

A hostile author gets sizes and hashes right: `describe_again` does that wherever a file of the run was changed.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osgeo import gdal
from run_edits import describe_again, edit_manifest
from traps import Trap

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) AS value FROM n"
SPARSE = ("SPARSE_OK=YES", "COMPRESS=DEFLATE")
OPENS = None


@dataclass(frozen=True)
class Hostile:
    """How to make the folder from a good one, and what the message must say; without one it opens as a good one does.

    `unread` are files of the folder that nothing may open.
    """

    make: Callable[[Path, Trap], object]
    refusal: str | None
    unread: tuple[str, ...] = ()


# Overviews that are or name something else.


def overview_of(folder: Path) -> Path:
    """The overview of the layer that is shown first."""
    layers = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["layers"]
    return folder / next(layer["overview"] for layer in layers if layer["is_default"])


def vrt(source: str) -> str:
    return (
        '<VRTDataset rasterXSize="128" rasterYSize="128"><SRS>EPSG:3413</SRS>'
        "<GeoTransform>-1140000, 10000, 0, 1140000, 0, -10000</GeoTransform>"
        '<VRTRasterBand dataType="Float32" band="1"><SimpleSource>'
        f"<SourceFilename>{source}</SourceFilename><SourceBand>1</SourceBand>"
        "</SimpleSource></VRTRasterBand></VRTDataset>"
    )


def wms(url: str) -> str:
    return (
        f'<GDAL_WMS><Service name="TMS"><ServerUrl>{url}/${{z}}/${{x}}/${{y}}.png</ServerUrl></Service><DataWindow>'
        "<UpperLeftX>-1e6</UpperLeftX><UpperLeftY>1e6</UpperLeftY><LowerRightX>1e6</LowerRightX>"
        "<LowerRightY>-1e6</LowerRightY><TileLevel>4</TileLevel><TileCountX>1</TileCountX><TileCountY>1</TileCountY>"
        "<YOrigin>top</YOrigin></DataWindow><Projection>EPSG:3413</Projection><BlockSizeX>256</BlockSizeX>"
        "<BlockSizeY>256</BlockSizeY><BandsCount>1</BandsCount></GDAL_WMS>"
    )


def pam(url: str) -> str:
    file = f'<MDI key="OVERVIEW_FILE">/vsicurl/{url}</MDI>'
    return f'<PAMDataset><Metadata domain="OVERVIEWS">{file}</Metadata></PAMDataset>'


def overview_text(text: Callable[[Trap], str]) -> Callable[[Path, Trap], None]:
    def make(folder: Path, trap: Trap) -> None:
        overview_of(folder).write_text(text(trap), encoding="utf-8")
        describe_again(folder)

    return make


def raster(
    driver: str = "GTiff",
    metadata: Callable[[Trap], Mapping[str, Mapping[str, str]]] = lambda _: {},
    has_place: bool = True,
    crs: str | None = None,
    size: int | None = None,
    n_bands: int = 1,
    data_type: int = gdal.GDT_Float32,
    options: tuple[str, ...] = (),
) -> Callable[[Path, Trap], None]:
    """Write the overview anew, as a raster that differs from a good one."""

    def make(folder: Path, trap: Trap) -> None:
        path = overview_of(folder)
        good = gdal.Open(str(path))
        n = (size or good.RasterXSize, size or good.RasterYSize)
        other = gdal.GetDriverByName("GTiff" if driver == "GTiff" else "MEM").Create(
            str(path) if driver == "GTiff" else "", *n, n_bands, data_type, list(options)
        )
        other.SetProjection(good.GetProjection())
        if crs:
            other.SetProjection(crs)
        if has_place:
            other.SetGeoTransform(good.GetGeoTransform())
        if not size:
            other.GetRasterBand(1).WriteArray(good.ReadAsArray())
        for domain, values in metadata(trap).items():
            other.SetMetadata(dict(values), domain)
        del good
        if driver != "GTiff":
            gdal.GetDriverByName(driver).CreateCopy(str(path), other)
            Path(f"{path}.aux.xml").unlink(missing_ok=True)
        del other
        describe_again(folder)

    return make


def beside_overview(suffix: str, text: Callable[[Trap], str]) -> Callable[[Path, Trap], None]:
    """Put a file beside the overview, by the name that GDAL or QGIS would look for."""

    def make(folder: Path, trap: Trap) -> None:
        path = overview_of(folder)
        (path.with_suffix(suffix) if suffix.count(".") == 1 else Path(f"{path}{suffix[1:]}")).write_text(
            text(trap), encoding="utf-8"
        )

    return make


def geolocation(trap: Trap) -> dict[str, dict[str, str]]:
    steps = {"PIXEL_OFFSET": "0", "LINE_OFFSET": "0", "PIXEL_STEP": "1", "LINE_STEP": "1"}
    names = {f"{axis}_DATASET": f"/vsicurl/{trap.url}/{axis}.tif" for axis in "XY"} | {"X_BAND": "1", "Y_BAND": "1"}
    return {"GEOLOCATION": names | steps}


# GeoPackages with code, with other values than their own, or that are none.


def sql(script: str) -> Callable[[Path, Trap], None]:
    """Change the GeoPackage; `{outside}` and `{url}` in the script stand for the traps."""

    def make(folder: Path, trap: Trap) -> None:
        with closing(sqlite3.connect(folder / "run.gpkg")) as connection:
            connection.create_function("ST_IsEmpty", 1, lambda _: 0)
            for name in ("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
                connection.create_function(name, 1, lambda _: 0.0)
            connection.executescript(script.format(outside=trap.outside, url=trap.url))
        describe_again(folder)

    return make


def write_ahead_log(folder: Path, _trap: Trap) -> None:
    """Leave the file as it is, and other values beside it."""
    path, copy = folder / "run.gpkg", folder.parent / "other.gpkg"
    shutil.copy(path, copy)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("UPDATE scores SET value = 1")
        connection.commit()
        shutil.copy(f"{copy}-wal", f"{path}-wal")


def beside_geopackage(suffix: str, content: bytes = b"") -> Callable[[Path, Trap], object]:
    return lambda folder, _trap: (folder / f"run.gpkg{suffix}").write_bytes(content)


def geopackage_bytes(change: Callable[[bytes, Trap], bytes]) -> Callable[[Path, Trap], None]:
    def make(folder: Path, trap: Trap) -> None:
        path = folder / "run.gpkg"
        path.write_bytes(change(path.read_bytes(), trap))
        describe_again(folder)

    return make


def vector_vrt(trap: Trap) -> str:
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="cells"><SrcDataSource>{trap.outside}/canary.gpkg</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    )


def style(fill: str) -> Callable[[Path, Trap], None]:
    """Put a symbol layer into the style that the GeoPackage would open with."""
    symbols = f'<symbols><symbol type="fill" name="0">{fill}</symbol></symbols>'
    renderer = f'<renderer-v2 type="singleSymbol">{symbols}</renderer-v2>'
    qml = f'<qgis version="3.40">{renderer}<mapTip>{{url}}/tip.png</mapTip></qgis>'
    return sql(f"UPDATE layer_styles SET styleQML = '{qml}' WHERE useAsDefault")  # noqa: S608


SVG_FILL = (
    '<layer class="SVGFill" enabled="1"><Option type="Map"><Option type="QString" name="svgFile" '
    'value="{url}/pattern.svg"/><Option type="QString" name="width" value="8"/></Option></layer>'
)
LOADING_FILL = (
    '<layer class="SimpleFill" enabled="1"><data_defined_properties><Option type="Map"><Option name="properties" '
    'type="Map"><Option name="fillColor" type="Map"><Option name="active" type="bool" value="true"/><Option '
    'name="expression" type="QString" value="load_layer(&apos;{outside}/canary.gpkg&apos;,&apos;ogr&apos;)"/><Option '
    'name="type" type="int" value="3"/></Option></Option></Option></data_defined_properties></layer>'
)


# Manifests.


def manifest(change: Callable[[dict[str, Any]], object]) -> Callable[[Path, Trap], None]:
    return lambda folder, _trap: edit_manifest(folder, change)


def manifest_text(change: Callable[[str], str | bytes]) -> Callable[[Path, Trap], None]:
    def make(folder: Path, _trap: Trap) -> None:
        path = folder / "manifest.json"
        content = change(path.read_text(encoding="utf-8"))
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return make


def start_of_title(text: str) -> Callable[[Path, Trap], None]:
    """Put something before the title, as it stands in JSON."""
    return manifest_text(lambda content: content.replace('"title": "', f'"title": "{text}', 1))


def of_default_layer(**values: object) -> Callable[[Path, Trap], None]:
    def change(manifest: dict[str, Any]) -> None:
        next(layer for layer in manifest["layers"] if layer["is_default"]).update(values)

    return manifest(change)


def of_scale(kind: str, **values: object) -> Callable[[Path, Trap], None]:
    def change(manifest: dict[str, Any]) -> None:
        scales = [layer["scale"] for layer in manifest["layers"] if layer["scale"]]
        next(scale for scale in scales if scale["kind"] == kind).update(values)

    return manifest(change)


def first_file(name: str) -> Callable[[Path, Trap], None]:
    """Name another file in place of the GeoPackage's."""

    def make(folder: Path, trap: Trap) -> None:
        def change(manifest: dict[str, Any]) -> None:
            (entry,) = [entry for entry in manifest["files"] if entry["name"] == "run.gpkg"]
            entry["name"] = name.format(outside=trap.outside, url=trap.url)

        edit_manifest(folder, change)

    return make


def texts(text: str) -> Callable[[Path, Trap], None]:
    """Give every text that is shown this one; `{outside}` and `{url}` in it stand for the traps."""

    def make(folder: Path, trap: Trap) -> None:
        shown = text.replace("{outside}", str(trap.outside)).replace("{url}", trap.url)

        def change(manifest: dict[str, Any]) -> None:
            manifest.update(title=shown, notice=shown, attributions=[shown])
            manifest["map_model"]["title"] = shown
            for layer in manifest["layers"]:
                layer.update(title=shown, description=shown)

        edit_manifest(folder, change)

    return make


def link(name: str, target: str) -> Callable[[Path, Trap], None]:
    """Put a link in place of a file of the folder."""

    def make(folder: Path, trap: Trap) -> None:
        moved = trap.outside / name
        shutil.move(folder / name, moved)
        (folder / name).symlink_to(target.format(moved=moved))

    return make


def pipe_as_manifest(folder: Path, _trap: Trap) -> None:
    (folder / "manifest.json").unlink()
    os.mkfifo(folder / "manifest.json")


def category_of_an_expression(folder: Path, trap: Trap) -> None:
    value = f"' || load_layer('{trap.outside}/canary.gpkg','ogr') || '"
    other = {"label": "other", "colour": "#a8a8a8"}
    of_scale("categorical", categories=[{"value": value, "label": "x", "colour": "#000000"}], other=other)(folder, trap)


NOT_PLAIN = "overview of the map cannot be used"
NOT_TABLES = "tables of this run are not such"
UNFINISHED = "unfinished changes"
UNREADABLE = "manifest of this run cannot be read"
UNUSABLE = "manifest of this run is not usable"

HOSTILE: dict[str, Hostile] = {
    # overviews
    "VRT of the net": Hostile(overview_text(lambda trap: vrt(f"/vsicurl/{trap.url}/a.tif")), NOT_PLAIN),
    "VRT of a file outside": Hostile(overview_text(lambda trap: vrt(f"{trap.outside}/canary.tif")), NOT_PLAIN),
    "WMS": Hostile(overview_text(lambda trap: wms(trap.url)), NOT_PLAIN),
    "WMTS": Hostile(
        overview_text(lambda trap: f"<GDAL_WMTS><GetCapabilitiesUrl>{trap.url}/c</GetCapabilitiesUrl></GDAL_WMTS>"),
        NOT_PLAIN,
    ),
    "PNG by the name of a GeoTIFF": Hostile(raster("PNG", data_type=gdal.GDT_Byte), NOT_PLAIN),
    "GeoTIFF placed by files of the net": Hostile(raster(metadata=geolocation, has_place=False), NOT_PLAIN),
    "GeoTIFF that names overviews": Hostile(
        raster(metadata=lambda trap: {"OVERVIEWS": {"OVERVIEW_FILE": f"/vsicurl/{trap.url}/o.tif"}}), NOT_PLAIN
    ),
    "GeoTIFF without place": Hostile(raster(has_place=False), NOT_PLAIN),
    "GeoTIFF in another CRS": Hostile(raster(crs="EPSG:3995"), NOT_PLAIN),
    "GeoTIFF of 10 billion pixels": Hostile(
        raster(size=100_000, options=(*SPARSE, "TILED=YES")), NOT_PLAIN
    ),
    "GeoTIFF of one block": Hostile(raster(size=20_000, options=(*SPARSE, "BLOCKYSIZE=20000")), NOT_PLAIN),
    "GeoTIFF of three bands": Hostile(raster(n_bands=3), NOT_PLAIN),
    "GeoTIFF of bytes": Hostile(raster(data_type=gdal.GDT_Byte), NOT_PLAIN),
    "notes of GDAL that name overviews": Hostile(
        beside_overview("..aux.xml", lambda trap: pam(f"{trap.url}/o.tif")), OPENS, ("*.aux.xml",)
    ),
    "notes of GDAL that move the overview": Hostile(
        beside_overview("..aux.xml", lambda _: "<PAMDataset><GeoTransform>0,1,0,0,0,-1</GeoTransform></PAMDataset>"),
        OPENS,
        ("*.aux.xml",),
    ),
    "overviews beside": Hostile(
        beside_overview("..ovr", lambda trap: vrt(f"/vsicurl/{trap.url}/o.tif")), OPENS, ("*.ovr",)
    ),
    "mask beside": Hostile(beside_overview("..msk", lambda trap: vrt(f"/vsicurl/{trap.url}/m.tif")), OPENS, ("*.msk",)),
    "world file beside": Hostile(beside_overview(".tfw", lambda _: "1\n0\n0\n-1\n0\n0\n"), OPENS, ("*.tfw",)),
    "MapInfo file beside": Hostile(beside_overview(".tab", lambda _: "!table\n"), OPENS, ("*.tab",)),
    "style beside": Hostile(
        beside_overview(".qml", lambda trap: f"<qgis><mapTip>{trap.url}</mapTip></qgis>"), OPENS, ("*.qml",)
    ),
    "metadata beside": Hostile(
        lambda folder, trap: [
            path.with_suffix(".qmd").write_text(f"<qgis><abstract>{trap.url}</abstract></qgis>", encoding="utf-8")
            for path in (folder / "run.gpkg", overview_of(folder))
        ],
        OPENS,
        ("*.qmd",),
    ),
    # tables
    "write-ahead log beside": Hostile(write_ahead_log, UNFINISHED, ("*-wal",)),
    "journal beside": Hostile(beside_geopackage("-journal", b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"), UNFINISHED),
    "index of a log beside": Hostile(beside_geopackage("-shm"), UNFINISHED),
    "file that keeps a log": Hostile(sql("PRAGMA journal_mode = WAL"), NOT_TABLES),
    "endless view as a table": Hostile(sql(f"DROP TABLE scores; CREATE VIEW scores AS {ENDLESS}"), NOT_TABLES),
    "endless view as the contents": Hostile(
        sql(f"ALTER TABLE gpkg_contents RENAME TO old; CREATE VIEW gpkg_contents AS {ENDLESS}"), NOT_TABLES
    ),
    "view whose name is HTML": Hostile(sql("CREATE VIEW \"<img src='{url}/v.png'>\" AS SELECT 1"), NOT_TABLES),
    "view beside the tables": Hostile(sql(f"CREATE VIEW more AS {ENDLESS}"), NOT_TABLES),
    "generated column": Hostile(
        sql("ALTER TABLE cells ADD COLUMN more GENERATED ALWAYS AS (hex(zeroblob(1000000000)))"), NOT_TABLES
    ),
    "virtual table": Hostile(sql("CREATE VIRTUAL TABLE more USING fts4(text)"), NOT_TABLES),
    "index on an expression": Hostile(sql("CREATE INDEX more ON cells (abs(area_m2))"), NOT_TABLES),
    "trigger": Hostile(
        sql("CREATE TRIGGER more AFTER UPDATE ON cells BEGIN SELECT load_extension('{outside}/x.so'); END"), NOT_TABLES
    ),
    "trigger by a usual name": Hostile(
        sql(
            "CREATE TRIGGER rtree_cells_geom_update7 AFTER UPDATE ON cells BEGIN SELECT load_extension('x'); END"
        ),
        NOT_TABLES,
    ),
    "vector VRT": Hostile(geopackage_bytes(lambda _, trap: vector_vrt(trap).encode()), NOT_TABLES),
    "GeoJSON": Hostile(geopackage_bytes(lambda *_: b'{"type": "FeatureCollection", "features": []}'), NOT_TABLES),
    "archive": Hostile(geopackage_bytes(lambda *_: b"PK\3\4" + bytes(200)), NOT_TABLES),
    "SQLite, no GeoPackage": Hostile(sql("PRAGMA application_id = 1"), NOT_TABLES),
    "half a file": Hostile(geopackage_bytes(lambda content, _: content[: len(content) // 2]), "not"),
    "noise in the file": Hostile(
        geopackage_bytes(lambda content, _: content[:4096] + b"\xa5" * 40_960 + content[45_056:]), "not"
    ),
    "table of cells in another CRS": Hostile(
        sql(
            "UPDATE gpkg_geometry_columns SET srs_id = 4326; UPDATE gpkg_contents SET srs_id = 4326 "
            "WHERE data_type = 'features'"
        ),
        "not as the manifest says",
    ),
    "CRS of another meaning": Hostile(
        sql("UPDATE gpkg_spatial_ref_sys SET definition = replace(definition, '-45', '45') WHERE srs_id = 3413"), OPENS
    ),
    "shapes of noise": Hostile(sql("UPDATE cells SET geom = x'475000ff00'"), OPENS),
    "no cells at all": Hostile(
        lambda folder, trap: (
            sql("DELETE FROM cells; UPDATE gpkg_ogr_contents SET feature_count = 0 WHERE table_name = 'cells'")(
                folder, trap
            ),
            edit_manifest(folder, lambda values: values["tables"][0].update(n_rows=0)),
        ),
        UNUSABLE,
    ),
    "style that fetches a picture": Hostile(style(SVG_FILL), OPENS),
    "style that loads a layer": Hostile(style(LOADING_FILL), OPENS),
    # names that lead elsewhere
    "file above the folder": Hostile(first_file("../outside/canary.gpkg"), UNUSABLE),
    "file by its path": Hostile(first_file("{outside}/canary.gpkg"), UNUSABLE),
    "file of the net": Hostile(first_file("/vsicurl/{url}/run.gpkg"), UNUSABLE),
    "file in an archive": Hostile(first_file("/vsizip/run.zip/run.gpkg"), UNUSABLE),
    "link to a GeoPackage outside": Hostile(link("run.gpkg", "{moved}"), "leaves the run folder"),
    "link to a manifest outside": Hostile(link("manifest.json", "{moved}"), "leaves the run folder"),
    "link to itself": Hostile(link("run.gpkg", "run.gpkg"), "is missing"),
    "link to an endless file": Hostile(link("report.html", "/dev/zero"), "is missing"),
    "pipe as manifest": Hostile(pipe_as_manifest, "not complete"),
    "table name with options": Hostile(
        manifest(lambda values: values["tables"][0].update(table="cells|option:VSI=/vsicurl/x")), UNUSABLE
    ),
    "class name with SQL": Hostile(
        manifest(lambda values: values["classes"]["names"].__setitem__(0, 'x" FROM cells; --')), UNUSABLE
    ),
    "overview that is a page": Hostile(of_default_layer(overview="report.html"), UNUSABLE),
    # texts
    "expressions in texts": Hostile(texts("[% load_layer('{outside}/canary.gpkg','ogr') %]"), UNUSABLE),
    "HTML in texts": Hostile(texts("<img src='{url}/i.png'><b>bold</b>"), OPENS),
    "category with an expression": Hostile(category_of_an_expression, OPENS),
    "text that turns its direction": Hostile(texts("safe \u202e elifgpj.exe"), UNUSABLE),
    "half a character": Hostile(start_of_title("\\ud83d"), UNUSABLE),
    "end of text": Hostile(start_of_title("\\u0000"), UNUSABLE),
    "title of 3 MB": Hostile(manifest(lambda values: values.update(title="x" * 3_000_000)), UNUSABLE),
    "title of 300 characters": Hostile(manifest(lambda values: values.update(title="x" * 300)), OPENS),
    # values
    "colour of the net": Hostile(of_scale("graduated", colours=["url(http://127.0.0.1)"]), UNUSABLE),
    "100,000 colours": Hostile(
        of_scale("graduated", breaks=[*range(100_001)], colours=["#000000"] * 100_000), UNUSABLE
    ),
    "stroke of 10^300 mm": Hostile(of_scale("single", stroke_width_mm=1e300), UNUSABLE),
    "year 10^40": Hostile(manifest(lambda values: values["years"].append(10**40)), UNUSABLE),
    "number of a million digits": Hostile(
        manifest_text(lambda text: text.replace('"n_cells": ', '"n_cells": ' + "9" * 1_000_000, 1)), UNREADABLE
    ),
    "more bytes than there are": Hostile(
        manifest(lambda values: values["files"][0].update(bytes=2**52)), "damaged or was changed"
    ),
    # the form of the manifest
    "50 MB": Hostile(manifest_text(lambda text: text + " " * 50_000_000), UNREADABLE),
    "200,000 levels": Hostile(manifest_text(lambda _: "[" * 200_000 + "]" * 200_000), UNREADABLE),
    "100 levels": Hostile(manifest(lambda values: values.update(more=json.loads("[" * 100 + "]" * 100))), UNREADABLE),
    "key twice": Hostile(manifest_text(lambda text: text.replace("{", '{"title": "x", ', 1)), UNREADABLE),
    "NaN": Hostile(manifest_text(lambda text: text.replace("{", '{"more": NaN, ', 1)), UNREADABLE),
    "Latin-1": Hostile(manifest_text(lambda text: b'{"more": "\xfc", ' + text[1:].encode()), UNREADABLE),
    "empty manifest": Hostile(manifest_text(lambda _: ""), UNREADABLE),
    "manifest of a web page": Hostile(manifest_text(lambda _: '{"name": "app", "start_url": "/"}'), UNUSABLE),
    "folder of an applied model": Hostile(
        manifest(lambda values: values.update(schema="entropice-applied/1")), "Open the run whose model was applied"
    ),
}  # fmt: skip
