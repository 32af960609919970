"""Zips the plugin for QGIS: the same sources give the same bytes."""

import configparser
import zipfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PLUGIN = FOLDER / "entropice"
SUFFIXES = (".py", ".svg", ".txt")
ALSO = ("LICENSE",)
EARLIEST_DATE = (1980, 1, 1, 0, 0, 0)


def plugin_files() -> list[Path]:
    """The files of the plugin, sorted by name."""
    return sorted(path for path in PLUGIN.rglob("*") if path.suffix in SUFFIXES or path.name in ALSO)


def plugin_version() -> str:
    """The version in metadata.txt."""
    metadata = configparser.ConfigParser()
    metadata.read(PLUGIN / "metadata.txt", encoding="utf-8")
    return metadata["general"]["version"]


def build_zip(target_folder: Path) -> Path:
    """Write ``entropice-<version>.zip`` into `target_folder` and return its path."""
    target_folder.mkdir(parents=True, exist_ok=True)
    target = target_folder / f"entropice-{plugin_version()}.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for path in plugin_files():
            entry = zipfile.ZipInfo(path.relative_to(FOLDER).as_posix(), EARLIEST_DATE)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return target


if __name__ == "__main__":
    print(build_zip(FOLDER.parent / "dist"))  # noqa: T201
