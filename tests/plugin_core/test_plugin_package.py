"""The archive that people install: what it holds, and that QGIS's plugin hub takes it."""

import configparser
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from qgis_plugin import build_zip as packager
from qgis_plugin.build_zip import PLUGIN, build_zip, main
from qgis_plugin.hub_rules import broken_rules
from qgis_plugin.metadata import as_text, packed_metadata

Contents = dict[str, bytes]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return build_zip(tmp_path / "dist")


@pytest.fixture
def unpacked(archive: Path, tmp_path: Path) -> Path:
    zipfile.ZipFile(archive).extractall(tmp_path / "unpacked")
    return tmp_path / "unpacked"


def test_the_archive_holds_the_plugin_and_no_tests_and_is_the_same_each_time(archive: Path, tmp_path: Path) -> None:
    again = build_zip(tmp_path / "again")

    assert archive.read_bytes() == again.read_bytes()
    names = set(zipfile.ZipFile(archive).namelist())
    assert {"entropice/__init__.py", "entropice/metadata.txt", "entropice/LICENSE", "entropice/icon.svg"} <= names
    assert {f"entropice/{path.relative_to(PLUGIN).as_posix()}" for path in PLUGIN.rglob("*.py")} <= names
    assert not [name for name in names if "test" in name or "__pycache__" in name]


def test_the_metadata_say_where_the_project_is_and_which_qgis_it_needs(unpacked: Path) -> None:
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(unpacked / "entropice/metadata.txt", encoding="utf-8")

    said = metadata["general"]
    assert (said["qgisMinimumVersion"], said["qgisMaximumVersion"]) == ("3.40", "4.99")
    in_german = {key: text for key, text in said.items() if key.endswith("[de]")}
    assert dict(said) == {key.lower(): value for key, value in packed_metadata().items()} | in_german
    assert in_german["description[de]"].startswith("Wo rückschreitende Taurutschungen vorkommen")
    assert len({said["homepage"], said["repository"], said["tracker"]}) == 3


def test_the_hub_takes_the_archive(archive: Path) -> None:
    assert broken_rules(archive) == []


def _with_metadata(**changed: str) -> Callable[[Contents], Contents]:
    text = as_text({key: value for key, value in (packed_metadata() | changed).items() if value})
    return lambda contents: contents | {"entropice/metadata.txt": text.encode()}


def _renamed(contents: Contents) -> Contents:
    return {name.replace("entropice/", "entropice-0.1/", 1): content for name, content in contents.items()}


def _without(name: str) -> Callable[[Contents], Contents]:
    return lambda contents: {key: content for key, content in contents.items() if key != name}


def _with(name: str) -> Callable[[Contents], Contents]:
    return lambda contents: contents | {name: b""}


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (_with("entropice/data.bin"), None),
        (_renamed, "identifier"),
        (_with("other/file.py"), "one folder"),
        (_with("entropice/../../evil.py"), "leads outside"),
        (_with("entropice/ui/__pycache__/tab.cpython-311.pyc"), "not source"),
        (_with("entropice/.git/config"), "not source"),
        (_without("entropice/LICENSE"), "LICENSE is missing"),
        (_without("entropice/icon.svg"), "icon"),
        (_with_metadata(about=""), "no about"),
        (_with_metadata(tracker="issues"), "tracker is no address"),
        (_with_metadata(homepage=""), "homepage is no address"),
        (_with_metadata(author="A/B"), "slash"),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_each_rule_of_the_hub_is_told_where_it_is_broken(
    archive: Path, tmp_path: Path, break_it: Callable[[Contents], Contents], told: str | None
) -> None:
    with zipfile.ZipFile(archive) as good:
        contents = break_it({name: good.read(name) for name in good.namelist()})
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(broken, "w") as target:
        for name, content in contents.items():
            target.writestr(name, content)

    found = broken_rules(broken)

    assert found == [] if told is None else any(told in sentence for sentence in found)


def test_an_archive_with_example_addresses_is_no_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(packager, "DIST", tmp_path)
    monkeypatch.setattr(packager, "packed_metadata", lambda: packed_metadata() | {"homepage": "https://example.org/x"})

    assert main(["--release"]) == 1
    assert "homepage" in capsys.readouterr().err
    assert not list(tmp_path.rglob("*.zip"))
    assert main([]) == 0
    assert "local build" in capsys.readouterr().out
    assert list(tmp_path.rglob("*.zip"))


def test_true_addresses_make_a_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    true = {key: f"https://permafrost.test/{key}" for key in ("homepage", "repository", "tracker")}
    monkeypatch.setattr(packager, "DIST", tmp_path)
    monkeypatch.setattr(packager, "packed_metadata", lambda: packed_metadata() | true | {"email": "a@permafrost.test"})

    assert main(["--release"]) == 0
    assert "local build" not in capsys.readouterr().out


def test_what_the_hub_runs_finds_nothing(unpacked: Path) -> None:
    """bandit, detect-secrets and flake8 with the hub's options."""
    assert _told("bandit", "-r", str(unpacked), "-f", "json", "--quiet", "-ll")["results"] == []
    secrets = ("scan", "--all-files", "--exclude-files", r"metadata\.txt", ".")
    assert _told("detect_secrets", *secrets, folder=unpacked)["results"] == {}
    style = _run("flake8", "--isolated", "--max-line-length=120", str(unpacked))
    assert style.stdout == ""


def _told(tool: str, *arguments: str, folder: Path | None = None) -> dict[str, object]:
    return json.loads(_run(tool, *arguments, folder=folder).stdout)


def _run(tool: str, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", tool, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
