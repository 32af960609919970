"""What `make run` installs is pinned and hashed; the locks agree with pyproject.toml and each other."""

import importlib.util
import json
import re
import subprocess
import tomllib
from importlib.metadata import requires
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[2]
CONSTRAINTS = PROJECT / "constraints"
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())
HASHED = ["build.txt", "run.txt"]
ALL = [*HASHED, "dev.txt", "qgis.txt", "qt6.txt"]


class Pin(NamedTuple):
    requirement: Requirement
    hashes: list[str]

    @property
    def version(self) -> str:
        return str(self.requirement.specifier).removeprefix("==")

    @property
    def is_for_this_system(self) -> bool:
        return self.requirement.marker is None or self.requirement.marker.evaluate()


def _lines(file: str) -> list[str]:
    """Lines that are no comment, each with what it is continued by."""
    text = (CONSTRAINTS / file).read_text().replace("\\\n", "")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _pins(file: str) -> dict[str, Pin]:
    split = [line.split(" --hash=") for line in _lines(file)]
    pins = [Pin(Requirement(first), [one.strip() for one in hashes]) for first, *hashes in split]
    return {canonicalize_name(pin.requirement.name): pin for pin in pins}


def _needed(requirements: list[str], extras: set[str]) -> list[Requirement]:
    """The requirements that hold on this system with these extras."""
    needed = [Requirement(one) for one in requirements]
    return [one for one in needed if not one.marker or any(one.marker.evaluate({"extra": e}) for e in extras or {""})]


def _closure(requirements: list[str]) -> set[str]:
    """Names of the packages that the requirements bring here, by what the installed packages say they require."""
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = _needed(requirements, set())
    while waiting:
        one = waiting.pop()
        found = canonicalize_name(one.name), frozenset(one.extras)
        if found not in seen:
            seen.add(found)
            waiting += _needed(requires(one.name) or [], one.extras)
    return {name for name, _ in seen}


@pytest.mark.parametrize(
    ("file", "requirements"),
    [("run.txt", PYPROJECT["project"]["dependencies"]), ("build.txt", PYPROJECT["build-system"]["requires"])],
)
def test_each_requirement_is_pinned_to_a_version_that_it_allows(file: str, requirements: list[str]) -> None:
    pins = _pins(file)

    refused = [one for one in map(Requirement, requirements) if not one.specifier.contains(pins[one.name].version)]

    assert refused == []


def test_whatever_these_requirements_bring_here_is_pinned_and_nothing_else() -> None:
    pinned = {name for name, pin in _pins("run.txt").items() if pin.is_for_this_system}

    assert pinned == _closure(PYPROJECT["project"]["dependencies"])


@pytest.mark.parametrize("file", HASHED)
def test_each_pin_has_hashes(file: str) -> None:
    pins = _pins(file)

    without = [name for name, pin in pins.items() if not pin.hashes]
    odd = [one for pin in pins.values() for one in pin.hashes if not re.fullmatch("sha256:[0-9a-f]{64}", one)]

    assert (without, odd) == ([], [])


@pytest.mark.parametrize("file", HASHED)
def test_what_tests_run_with_has_the_same_versions(file: str) -> None:
    versions = {name: pin.version for name, pin in _pins(file).items()}

    assert versions.items() <= {name: pin.version for name, pin in _pins("dev.txt").items()}.items()


@pytest.mark.parametrize("file", ALL)
def test_a_lock_has_one_version_of_each_package_and_no_address(file: str) -> None:
    pins = _pins(file)

    assert len(pins) == len(_lines(file))
    assert [name for name, pin in pins.items() if not re.fullmatch(r"[^=<>~!,*]+", pin.version)] == []
    assert "/" not in (CONSTRAINTS / file).read_text()


def test_make_installs_nothing_that_has_no_hash(tmp_path: Path) -> None:
    make = ["make", "--dry-run", f"VENV={tmp_path}", f"{tmp_path}/.installed"]
    printed = subprocess.run(make, cwd=PROJECT, capture_output=True, text=True, check=True).stdout

    _, build, run, project = (line.split() for line in printed.splitlines() if "pip install" in line or "venv" in line)

    assert {"--require-hashes", "constraints/build.txt"} <= set(build)
    assert {"--require-hashes", "--no-build-isolation", "constraints/run.txt"} <= set(run)
    assert {"--no-deps", "--no-build-isolation", "."} <= set(project)


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", CONSTRAINTS / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SOUND = {"name": "sound", "version": "1.0", "vulns": []}
FLAWED = {"name": "flawed", "version": "2.0", "vulns": [{"id": "CVE-0000-1", "fix_versions": ["2.1", "3.0"]}]}
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("dependencies", "said"),
    [
        ([UNKNOWN], "pip-audit: not run (its service knows none of the 1 packages)"),
        ([SOUND], "pip-audit: 0 known vulnerabilities in 1 packages"),
        (
            [SOUND, UNKNOWN],
            "pip-audit: 0 known vulnerabilities in 1 packages\nnot run for unknown: unknown to its service",
        ),
        (
            [SOUND, FLAWED],
            "flawed 2.0: CVE-0000-1, mended in 2.1, 3.0\npip-audit: 1 known vulnerabilities in 2 packages",
        ),
    ],
)
def test_the_audit_says_what_was_found_and_what_was_not_asked(audit: ModuleType, dependencies, said: str) -> None:
    assert audit.verdict(dependencies) == said


def _answering(stdout: str, stderr: str, lock_status: int = 0):
    def pip_audit(*options: str) -> subprocess.CompletedProcess[str]:
        if "--dry-run" in options:
            return subprocess.CompletedProcess(options, lock_status, "", stderr)
        return subprocess.CompletedProcess(options, 1, stdout, stderr)

    return pip_audit


def test_the_audit_is_not_run_where_its_service_gives_no_answer(audit: ModuleType, monkeypatch, capsys) -> None:
    monkeypatch.setattr(audit, "_pip_audit", _answering("", "Traceback …\nConnectionError: no route"))

    audit.main()

    assert capsys.readouterr().out == "pip-audit: not run (ConnectionError: no route)\n"


@pytest.mark.parametrize(("dependency", "status"), [(SOUND, 0), (FLAWED, 1), (UNKNOWN, 0)])
def test_a_vulnerability_fails_the_audit(audit: ModuleType, monkeypatch, dependency, status: int) -> None:
    monkeypatch.setattr(audit, "_pip_audit", _answering(json.dumps({"dependencies": [dependency]}), ""))

    with pytest.raises(SystemExit) as left:
        audit.main()

    assert int(left.value.code or 0) == status


def test_a_lock_that_cannot_be_read_fails_the_audit(audit: ModuleType, monkeypatch) -> None:
    monkeypatch.setattr(audit, "_pip_audit", _answering("", "no hash for numpy", lock_status=1))

    with pytest.raises(SystemExit, match=r"run\.txt: no hash for numpy"):
        audit.main()
