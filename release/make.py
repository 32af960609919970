"""Everything that is given away, built from the last commit and checked, with its SHA-256 sums: ``make release``."""

import hashlib
import os
import shutil
import subprocess  # nosec B404
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from qgis_plugin.archive import write_archive
from release.bill_of_materials import bill_of_materials, day_of
from release.contents import members_of, objections, traces_of_this_machine
from release.versions import PROJECT, against_publication, disagreements, stated_versions

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "dist"
SUMS = "SHA256SUMS"


def main() -> int:
    """Build into ``dist/entropice-<version>``, or ``…-rehearsal`` with the reasons; 1 where a check fails."""
    versions = stated_versions(ROOT)
    if refused := [*_uncommitted(), *disagreements(versions)]:
        return _refuse("This is no release:", refused)
    against = list(against_publication(ROOT))
    target = DIST / f"entropice-{versions[PROJECT]}{'-rehearsal' if against else ''}"
    with tempfile.TemporaryDirectory() as scratch:
        files = build(Path(scratch), versions[PROJECT])
        if found := list(_of_a_machine(files, Path(scratch))):
            return _refuse("Of the machine that built it:", found)
        keep(files, target)
    print("\n".join([str(target), *(["A rehearsal, not to be given away:", *against] if against else [])]))  # noqa: T201
    return 0


def build(scratch: Path, version: str) -> list[Path]:
    """Wheel, plugin, documentation and bill of materials of the last commit, below `scratch`."""
    source, dist = scratch / "source", scratch / "dist"
    made_s = int(_git("log", "-1", "--format=%ct"))
    export(source)
    environment = os.environ | {
        "SOURCE_DATE_EPOCH": str(made_s),
        "PYTHONPATH": str(source / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    _python(
        ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(dist), "."],
        source,
        environment,
    )
    _python(["-m", "qgis_plugin.build_zip"], source, environment)
    plugin = source / f"dist/entropice-{version}.zip"
    site = scratch / "site"
    _python(
        ["-m", "sphinx", "-W", "--keep-going", "--quiet", "-d", str(scratch / "doctrees"), "docs", str(site)],
        source,
        environment,
    )
    licence = tomllib.loads((source / PROJECT).read_text(encoding="utf-8"))["project"]["license"]
    bill = dist / f"entropice-{version}.cdx.json"
    bill.write_text(bill_of_materials(source, version, licence, day_of(made_s)), encoding="utf-8")
    return [
        *sorted(dist.glob("*.whl")),
        Path(shutil.copy(plugin, dist / f"entropice-plugin-{version}.zip")),
        write_archive(dist / f"entropice-docs-{version}.zip", _files_below(site)),
        bill,
    ]


def export(target: Path) -> None:
    """The files of the last commit, and none that lie beside them."""
    target.mkdir(parents=True)
    archive = target.with_suffix(".tar")
    _git("archive", "--format", "tar", "--output", str(archive), "HEAD")
    shutil.unpack_archive(archive, target, filter="data")


def keep(files: Sequence[Path], target: Path) -> None:
    """Put `files` and their sums, as ``sha256sum --check`` reads them, into `target` and nothing else."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for file in files:
        shutil.copy(file, target)
    (target / SUMS).write_text("".join(sums(files)), encoding="utf-8")


def sums(files: Sequence[Path]) -> Iterator[str]:
    """A line for each file, by name."""
    for file in sorted(files, key=lambda file: file.name):
        yield f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"


def _refuse(why: str, lines: Sequence[str]) -> int:
    print("\n".join([why, *lines]), file=sys.stderr)  # noqa: T201
    return 1


def _uncommitted() -> Iterator[str]:
    for line in _git("status", "--porcelain", "--untracked-files=no").splitlines():
        yield f"{line[3:]}: differs from the last commit, which a release is built from. Commit it, or put it back."


def _of_a_machine(files: Sequence[Path], scratch: Path) -> Iterator[str]:
    traces = traces_of_this_machine(ROOT, scratch)
    for file in files:
        members = [(file.name, file.read_bytes())] if file.suffix == ".json" else members_of(file)
        yield from objections(members, traces)


def _files_below(folder: Path) -> Mapping[str, bytes]:
    left_out = {".buildinfo"}
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in left_out)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - fixed commands  # nosec B603


def _python(arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
    subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, check=True)  # noqa: S603 - fixed commands  # nosec B603


if __name__ == "__main__":
    sys.exit(main())
