"""The software bill of materials: what the default installation is made of, as CycloneDX 1.6."""

import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.dependency import Dependency
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

SCRIPTS = {"vega": "6.2.0", "vega-lite": "6.4.1", "vega-embed": "7.1.0"}
"""Scripts inside the wheel, as npm publishes them (docs/decisions/0021-charts.md), and their versions."""

_BROWSER = "src/entropice/report/browser"
_REQUIREMENT = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]+?))?\s*\\?$")
_HASH = re.compile(r"^\s+--hash=sha256:(?P<value>[0-9a-f]{64})")
_NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
"""That of addresses (RFC 9562, appendix A); the serial number follows from the contents."""


@dataclass(frozen=True)
class Locked:
    """One package of a lock: where it is needed (a marker, or empty), and the SHA-256 of its files."""

    name: str
    version: str
    marker: str
    sha256: tuple[str, ...]


def locked_packages(lock: str) -> Iterator[Locked]:
    """The packages of a lock with hashes, in its order."""
    found: re.Match[str] | None = None
    hashes: list[str] = []
    for line in [*lock.splitlines(), "end==0"]:
        if value := _HASH.match(line):
            hashes.append(value["value"])
        elif requirement := _REQUIREMENT.match(line):
            if found:
                yield Locked(found["name"], found["version"], (found["marker"] or "").strip(), tuple(hashes))
            found, hashes = requirement, []


def bill_of_materials(project: Path, version: str, licence: str, made: datetime) -> str:
    """The bill as JSON: the same lock, scripts and day give the same bytes."""
    lock = (project / "constraints/run.txt").read_text(encoding="utf-8")
    scripts = {name: (project / _BROWSER / f"{name}.min.js").read_bytes() for name in SCRIPTS}
    root = _component("entropice", version, PackageURL("pypi", None, "entropice", version), licence=licence)
    parts = [*map(_package, locked_packages(lock)), *_scripts(scripts)]
    bom = Bom(
        components=parts,
        metadata=BomMetaData(component=root, timestamp=made),
        serial_number=uuid.uuid5(_NAMESPACE, hashlib.sha256(f"{version}\n{lock}".encode()).hexdigest()),
        dependencies=[
            Dependency(root.bom_ref, dependencies=[Dependency(part.bom_ref) for part in parts]),
            *(Dependency(part.bom_ref) for part in parts),
        ],
    )
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)


def day_of(epoch_s: int) -> datetime:
    """The moment of a commit, in UTC."""
    return datetime.fromtimestamp(epoch_s, UTC)


def _package(locked: Locked) -> Component:
    purl = PackageURL("pypi", None, locked.name.lower().replace("_", "-"), locked.version)
    needed = [Property(name="entropice:marker", value=locked.marker)] if locked.marker else []
    files = [Property(name="entropice:accepted-sha256", value=value) for value in locked.sha256]
    return _component(locked.name, locked.version, purl, properties=(*needed, *files))


def _scripts(contents: Mapping[str, bytes]) -> Iterator[Component]:
    for name, content in contents.items():
        purl = PackageURL("npm", None, name, SCRIPTS[name])
        component = _component(name, SCRIPTS[name], purl, licence="BSD-3-Clause")
        component.hashes.add(HashType(alg=HashAlgorithm.SHA_256, content=hashlib.sha256(content).hexdigest()))
        yield component


def _component(
    name: str, version: str, purl: PackageURL, *, licence: str = "", properties: tuple[Property, ...] = ()
) -> Component:
    return Component(
        type=ComponentType.LIBRARY,
        name=name,
        version=version,
        purl=purl,
        bom_ref=purl.to_string(),
        licenses=[DisjunctiveLicense(id=licence)] if licence else [],
        properties=properties,
    )
