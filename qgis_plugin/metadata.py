"""The metadata of the packed plugin: ``metadata.txt``, and from ``pyproject.toml`` what stands there already."""

import configparser
import io
from pathlib import Path
from urllib.parse import urlparse

import tomllib

FOLDER = Path(__file__).resolve().parent
PROJECT = FOLDER.parent / "pyproject.toml"
METADATA = FOLDER / "entropice" / "metadata.txt"
SECTION = "general"
ADDRESSES = {"homepage": "Homepage", "repository": "Repository", "tracker": "Issues"}
"""Keys of the plugin's metadata by the names of the project's addresses."""

TRANSLATED = ("description", "about")
"""Keys that QGIS shows in the user's language, where it is given as ``key[language]``."""

EXAMPLE_HOSTS = ("example.com", "example.net", "example.org")
"""Reserved for examples (RFC 2606, section 3): nobody answers there."""


def packed_metadata(path: Path = PROJECT) -> dict[str, str]:
    """All that the plugin's metadata say, by key; `path` is the project's pyproject.toml."""
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    (author,) = project["authors"]
    return {
        **written_metadata(),
        "version": project["version"],
        "author": author["name"],
        "email": author["email"],
        **{key: project["urls"][name] for key, name in ADDRESSES.items()},
    }


def as_text(metadata: dict[str, str]) -> str:
    """The metadata as QGIS reads them."""
    parser = _parser()
    parser[SECTION] = metadata
    text = io.StringIO()
    parser.write(text, space_around_delimiters=False)
    return text.getvalue().strip() + "\n"


def example_addresses(metadata: dict[str, str]) -> list[str]:
    """The keys whose address or mail is an example, sorted."""
    hosts = {key: urlparse(metadata[key]).hostname or "" for key in ADDRESSES}
    hosts["email"] = metadata["email"].rpartition("@")[2]
    return sorted(key for key, host in hosts.items() if host.endswith(EXAMPLE_HOSTS))


def written_metadata(path: Path = METADATA) -> dict[str, str]:
    """What a file of metadata says, by key."""
    parser = _parser()
    parser.read(path, encoding="utf-8")
    return dict(parser[SECTION])


def _parser() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # QGIS's keys have capitals
    return parser
