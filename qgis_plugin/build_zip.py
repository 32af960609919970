"""Zips the plugin for QGIS: the same sources give the same bytes."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from qgis_plugin.archive import write_archive
from qgis_plugin.help_pages import help_files
from qgis_plugin.hub_rules import broken_rules
from qgis_plugin.metadata import FOLDER, METADATA, PROJECT, TRANSLATED, as_text, example_addresses, packed_metadata
from qgis_plugin.qm_file import as_qm
from qgis_plugin.ts_file import read_messages, translations, ts_files

PLUGIN = FOLDER / "entropice"
DIST = FOLDER.parent / "dist"
SUFFIXES = (".py", ".svg", ".html")
ALSO = ("LICENSE",)


def plugin_files() -> list[Path]:
    """The files of the plugin as they stand, sorted by name; its metadata are filled in."""
    return sorted(path for path in PLUGIN.rglob("*") if path.suffix in SUFFIXES or path.name in ALSO)


def build_zip(target_folder: Path) -> Path:
    """Write ``entropice-<version>.zip`` into `target_folder` and return its path."""
    metadata = packed_metadata() | dict(_translated_metadata())
    return write_archive(target_folder / f"entropice-{metadata['version']}.zip", _contents(as_text(metadata)))


def _contents(metadata: str) -> Mapping[str, bytes]:
    """What the archive holds, by path: the plugin as it stands, its translations as Qt reads them, and its help."""
    written = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in plugin_files()}
    made = {
        path.with_suffix(".qm").relative_to(FOLDER).as_posix(): as_qm(read_messages(path), language)
        for language, path in ts_files().items()
    }
    helped = {f"{PLUGIN.name}/help/{name}": content for name, content in help_files().items()}
    return written | made | helped | {METADATA.relative_to(FOLDER).as_posix(): metadata.encode()}


def _translated_metadata() -> Iterator[tuple[str, str]]:
    metadata = packed_metadata()
    for language, path in ts_files().items():
        known = translations(path)
        yield from ((f"{key}[{language}]", known[metadata[key]]) for key in TRANSLATED if metadata[key] in known)


def main(arguments: list[str]) -> int:
    """Build and say what stands against giving it away; with ``--release`` that fails, and no archive is left."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", action="store_true", help="refuse what QGIS's plugin hub would not take")
    options = parser.parse_args(arguments)
    target = build_zip(DIST)
    objections = list(_against_release(target))
    if objections and options.release:
        target.unlink()
        print("\n".join(["This is no release:", *objections]), file=sys.stderr)  # noqa: T201
        return 1
    notes = ["A local build, not for QGIS's plugin hub:", *objections] if objections else []
    print("\n".join([str(target), *notes]))  # noqa: T201
    return 0


def _against_release(archive: Path) -> Iterator[str]:
    yield from broken_rules(archive)
    examples = example_addresses(packed_metadata())
    if examples:
        yield f"{', '.join(examples)}: an example. Write the true one into {PROJECT.name}, project.urls or authors."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
