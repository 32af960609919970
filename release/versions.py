"""What version each file of the project states, and what stands against calling it released."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from qgis_plugin.metadata import METADATA, example_addresses, packed_metadata, written_metadata

CHANGELOG, CITATION, PROJECT, PACKAGE = "CHANGELOG.md", "CITATION.cff", "pyproject.toml", "src/entropice/__init__.py"
_HEADING = re.compile(r"^## (?P<version>\S+) \((?P<when>[^)]+)\)$", re.MULTILINE)
_ASSIGNED = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
PLUGIN = METADATA.relative_to(METADATA.parents[2]).as_posix()


def stated_versions(project: Path) -> dict[str, str]:
    """The version by file, of every file below `project` that states one; empty where a file states none."""
    return {
        PROJECT: tomllib.loads(_text(project / PROJECT))["project"]["version"],
        PACKAGE: _first(_ASSIGNED, _text(project / PACKAGE)),
        CITATION: str(_citation(project).get("version", "")),
        CHANGELOG: _newest(project)[0],
        PLUGIN: written_metadata(project / PLUGIN)["changelog"].partition(":")[0].strip(),
    }


def disagreements(versions: Mapping[str, str]) -> list[str]:
    """One line for each file that states another version than pyproject.toml."""
    wanted = versions[PROJECT]
    return [
        f"{file}: states version {version or 'none'}, {PROJECT} states {wanted}. Write {wanted} there."
        for file, version in versions.items()
        if version != wanted
    ]


def against_publication(project: Path) -> Iterator[str]:
    """Why what is built is a rehearsal: no date yet, or addresses that are examples."""
    when = _newest(project)[1]
    released = str(_citation(project).get("date-released", "none"))
    if not _DATE.fullmatch(when):
        yield f"{CHANGELOG}: its newest version is '{when}'. Write the day of the release (2026-12-31) in its place."
    elif released != when:
        yield f"{CITATION}: date-released is {released}, {CHANGELOG} says {when}. Write the same day in both."
    if examples := example_addresses(packed_metadata(project / PROJECT)):
        yield f"{PROJECT}: {', '.join(examples)}: an example. Write true ones."


def _newest(project: Path) -> tuple[str, str]:
    found = _HEADING.search(_text(project / CHANGELOG))
    return (found["version"], found["when"]) if found else ("", "")


def _citation(project: Path) -> dict[str, object]:
    return dict(yaml.safe_load(_text(project / CITATION)))


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
