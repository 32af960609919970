"""The manifest of a run as checked, immutable values (schema ``entropice-run/2``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from .class_ranges import ClassRange, read_class_ranges
from .fields import Fields
from .important_sets import ImportantSet, read_important_sets
from .language import phrase
from .layers import Layer, read_layer
from .manifest_file import MANIFEST_NAME, NOT_A_RUN, read_manifest_file
from .safe_names import ALLOWED_SUFFIXES, is_plain_name
from .tables import IDENTIFIER, IDENTIFIER_RULE, Table, read_table, table_of_cells
from .tasks import ImageryTask, read_tasks

SCHEMA = "entropice-run/2"
IMAGES = "entropice-images/1"
CRS = "EPSG:3413"
GEOPACKAGE_NAME = "run.gpkg"
MAX_KEPT = 16
PURPOSES = ("model", "plumbing check")
_FIXES = {
    "entropice-run/1": phrase("Make the run again: `kedro run`."),
    "entropice-applied/1": phrase(
        "Open the run whose model was applied; an applied model has no map of its own in QGIS."
    ),
    IMAGES: phrase("This run is of images and has no cells: open it on the map, and choose a run with cells here."),
}
UPDATE = phrase("Update the plugin, or get a run of a current Entropice.")


@dataclass(frozen=True)
class FileEntry:
    """What a file of the run must be, byte for byte: its name in the folder, size, and SHA-256 in hexadecimal."""

    name: str
    n_bytes: int
    sha256: str


@dataclass(frozen=True, eq=False)
class Manifest:
    """Everything the plugin needs to know about a run before it opens any other file; each reading is its own.

    `years` are those of the labels and of the layers, ascending. `layers` stand in drawing order, the first on top; one
    of them is the default. `class_ranges` says what each class but the first means, `drivers` which sets of features
    were tested against chance, `tasks` what was looked for in images. `notices` are sentences that readers must see.
    `year_names`, `model_titles` and `feature_titles` are what to call a year, a model and a feature, `feature_groups`
    what it is of. `parameters` are those of the run, each to be checked where it is used.

    `run_id` has 16 hexadecimal digits. `class_names` ascend, the first being the class without slumps. `cells` is the
    one of `tables` whose rows are the cells. The CRS of everything is EPSG:3413.
    """

    run_id: str
    title: str
    purpose: str
    notices: tuple[str, ...]
    grid_key: str
    grid_name: str
    grid_level: int
    years: tuple[int, ...]
    year_names: Mapping[int, str]
    class_names: tuple[str, ...]
    class_ranges: Mapping[str, ClassRange]
    drivers: tuple[ImportantSet, ...]
    map_model_title: str
    model_titles: Mapping[str, str]
    tables: tuple[Table, ...]
    cells: Table
    layers: tuple[Layer, ...]
    tasks: tuple[ImageryTask, ...]
    feature_titles: Mapping[str, str]
    feature_groups: Mapping[str, str]
    files: tuple[FileEntry, ...]
    attributions: tuple[str, ...]
    parameters: Fields

    @property
    def clusters(self) -> tuple[ImportantSet, ...]:
        """The `drivers` that are sets of features which say much the same, not groups; the most important first."""
        return tuple(driver for driver in self.drivers if not driver.is_group)

    @property
    def chance_features(self) -> frozenset[str]:
        """The features of the clusters that are no discovery; none where no cluster was tested.

        A name in it is that of a feature, as in `feature_titles`.
        """
        return frozenset(name for cluster in self.clusters if not cluster.is_discovery for name in cluster.members)

    def model_title(self, model: str | None) -> str:
        """What to call a model; None is that of the map.

        A model without a title is called by its name.
        """
        return self.map_model_title if model is None else self.model_titles.get(model, model)

    def year_name(self, year: int) -> str:
        """What to call a year; its number where the run has no name for it."""
        return self.year_names.get(year, str(year))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the run in `folder`; unknown keys are ignored. Read again only after the file was changed.

    The manifest is read from ``manifest.json`` in `folder`, which has to follow the schema ``entropice-run/2``.
    "Changed" means another time of modification or another size; manifests of up to 16 folders are kept, and two
    readings of one file give the same object.

    Raises
    ------
    RunFolderError
        The file or one of its values is not as the schema says.
    """
    path = folder / MANIFEST_NAME
    status = path.stat() if path.is_file() else None
    return _manifest(folder, status and status.st_mtime_ns, status and status.st_size)


@lru_cache(maxsize=MAX_KEPT)
def _manifest(folder: Path, _mtime_ns: int | None, _n_bytes: int | None) -> Manifest:
    fields = read_manifest_file(folder)
    _require_schema(fields)
    fields.one_of("crs", (CRS,))
    years = _years(fields)
    files = _files(fields)
    tables = _tables(fields)
    layers = _layers(fields, tables, files)
    grid = fields.object("grid")
    return Manifest(
        run_id=fields.matching("run_id", r"[0-9a-f]{16}", "16 hexadecimal digits"),
        title=fields.label("title"),
        purpose=fields.one_of("purpose", PURPOSES),
        notices=_notices(fields),
        grid_key=grid.matching("key", IDENTIFIER, "a grid key such as h3_4"),
        grid_name=grid.text("grid_name"),
        grid_level=grid.whole_number("level"),
        # The map may show years that nobody has labelled, before or after those of the labels.
        years=tuple(sorted({*years, *(layer.year for layer in layers if layer.year is not None)})),
        year_names={year: fields.object("year_names").label(str(year)) for year in years},
        class_names=_class_names(fields.object("classes")),
        class_ranges=read_class_ranges(fields.object("classes"), _class_names(fields.object("classes"))),
        drivers=read_important_sets(fields),
        model_titles={entry.text("name"): entry.label("title") for entry in fields.objects("models")},
        map_model_title=fields.object("map_model").label("title"),
        tables=tables,
        cells=table_of_cells(fields, tables),
        layers=layers,
        tasks=read_tasks(fields, tables),
        feature_groups={entry.text("name"): entry.label("group") for entry in fields.objects("features")},
        feature_titles={entry.text("name"): entry.label("long_name") for entry in fields.objects("features")},
        files=files,
        attributions=fields.texts("attributions"),
        parameters=fields.object("parameters"),
    )


def _require_schema(fields: Fields) -> None:
    if not fields.has("schema"):
        raise fields.wrong("schema", "no such key", SCHEMA, NOT_A_RUN)
    schema = fields.text("schema")
    if schema != SCHEMA:
        raise fields.wrong("schema", repr(schema), SCHEMA, _FIXES.get(schema, UPDATE))


def _notices(fields: Fields) -> tuple[str, ...]:
    """What the run says of itself, that its model is beaten, and that leaks were found, as far as it does."""
    beaten = fields.optional_object("beaten")
    leaks = fields.object("leaks") if fields.has("leaks") else None
    found = leaks is not None and any(leaks.objects("findings"))
    told = (
        fields.text("notice"),
        beaten.text("statement") if beaten else "",
        f"Leak alarm: {leaks.text('statement')}" if leaks and found else "",
    )
    return tuple(filter(None, told))


def _years(fields: Fields) -> tuple[int, ...]:
    years = fields.years("years")
    if not years or list(years) != sorted(set(years)):
        raise fields.wrong("years", years, "at least one year, ascending")
    return years


def _class_names(fields: Fields) -> tuple[str, ...]:
    names = fields.texts("names", IDENTIFIER, IDENTIFIER_RULE)
    if len(names) < 2 or len(set(names)) != len(names):
        raise fields.wrong("names", names, "at least two different class names")
    return names


def _tables(fields: Fields) -> tuple[Table, ...]:
    tables = tuple(read_table(entry) for entry in fields.objects("tables"))
    require_unique(fields, "tables", [table.table for table in tables])
    return tables


def _layers(fields: Fields, tables: tuple[Table, ...], files: tuple[FileEntry, ...]) -> tuple[Layer, ...]:
    by_name = {table.table: table for table in tables}
    layers = tuple(read_layer(entry, by_name) for entry in fields.objects("layers"))
    require_unique(fields, "layers", [layer.name for layer in layers])
    defaults = [layer.name for layer in layers if layer.is_default]
    if len(defaults) != 1:
        raise fields.wrong("layers", defaults, "one layer with is_default")
    missing = {layer.overview for layer in layers if layer.overview} - {entry.name for entry in files}
    if missing:
        raise fields.wrong("layers", min(missing), "overviews that are listed under files")
    return layers


def _files(fields: Fields) -> tuple[FileEntry, ...]:
    rule = f"a plain file name ending in {', '.join(ALLOWED_SUFFIXES)}"
    files = read_files(fields, is_plain_name, rule)
    names = [entry.name for entry in files]
    if GEOPACKAGE_NAME not in names:
        raise fields.wrong("files", names, f"a list with {GEOPACKAGE_NAME}")
    return files


def read_files(fields: Fields, is_allowed: Callable[[str], bool], rule: str) -> tuple[FileEntry, ...]:
    """The list ``files`` of a manifest in its order, whose names are all allowed and none there twice.

    `is_allowed` is asked of each name, and `rule` says in words which names it allows.

    Raises
    ------
    RunFolderError
        A name is not allowed or there twice, a size is no whole number from 0, or a hash is not 64 lower-case
        hexadecimal digits.
    """
    files = tuple(_file(entry, is_allowed, rule) for entry in fields.objects("files"))
    require_unique(fields, "files", [entry.name for entry in files])
    return files


def _file(fields: Fields, is_allowed: Callable[[str], bool], rule: str) -> FileEntry:
    name = fields.text("name")
    if not is_allowed(name):
        raise fields.wrong("name", repr(name), rule)
    sha256 = fields.matching("sha256", r"[0-9a-f]{64}", "64 lower-case hexadecimal digits")
    return FileEntry(name, fields.whole_number("bytes"), sha256)


def require_unique(fields: Fields, key: str, names: list[str]) -> None:
    """Accept names of which none is there twice.

    An empty list passes. `key` is what the error names, beside the first name that is there twice.

    Raises
    ------
    RunFolderError
        A name is there twice.
    """
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise fields.wrong(key, twice, "every name once")
