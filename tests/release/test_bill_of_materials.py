import hashlib
import json
import re
import tomllib
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from release.bill_of_materials import SCRIPTS, Locked, bill_of_materials, day_of, locked_packages

ROOT = Path(__file__).parents[2]
LOCK = f"""# made by a tool
first==1.2 \\
    --hash=sha256:{"a" * 64} \\
    --hash=sha256:{"b" * 64}
second_one==3 ; sys_platform == 'win32' \\
    --hash=sha256:{"c" * 64}
"""


@pytest.fixture(scope="module")
def bill() -> dict:
    return json.loads(bill_of_materials(ROOT, "0.1.0", "BSD-3-Clause", day_of(0)))


def test_packages_of_a_lock_have_markers_and_hashes() -> None:
    assert list(locked_packages(LOCK)) == [
        Locked("first", "1.2", "", ("a" * 64, "b" * 64)),
        Locked("second_one", "3", "sys_platform == 'win32'", ("c" * 64,)),
    ]


def test_the_bill_names_each_locked_package_once_and_the_scripts(bill: dict) -> None:
    lock = (ROOT / "constraints/run.txt").read_text()
    locked = re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)

    names = [part["name"] for part in bill["components"]]

    assert sorted(names) == sorted([*locked, *SCRIPTS])
    hashes = [
        one["value"] for part in bill["components"] for one in part.get("properties", ()) if "sha256" in one["name"]
    ]
    assert sorted(hashes) == sorted(re.findall(r"sha256:(\w+)", lock))


def test_every_direct_dependency_is_in_it(bill: dict) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    direct = {re.split(r"[<>=!~;\[ ]", one)[0] for one in project["dependencies"]}

    assert direct <= {part["name"] for part in bill["components"]}
    assert bill["metadata"]["component"]["name"] == "entropice"


def test_scripts_have_the_sums_of_their_files_and_the_versions_of_the_decision(bill: dict) -> None:
    decision = (ROOT / "docs/decisions/0021-charts.md").read_text()
    by_name = {part["name"]: part for part in bill["components"]}

    for name, version in SCRIPTS.items():
        content = (ROOT / f"src/entropice/report/browser/{name}.min.js").read_bytes()
        assert f"{name}@{version}" in decision
        assert by_name[name]["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}]


def test_the_same_lock_and_day_give_the_same_bytes(bill: dict) -> None:
    again = bill_of_materials(ROOT, "0.1.0", "BSD-3-Clause", day_of(0))

    assert again == bill_of_materials(ROOT, "0.1.0", "BSD-3-Clause", day_of(0))
    assert json.loads(again) == bill
    assert bill["metadata"]["timestamp"] == "1970-01-01T00:00:00+00:00"
    other = json.loads(bill_of_materials(ROOT, "0.2.0", "BSD-3-Clause", day_of(0)))
    assert other["serialNumber"] != bill["serialNumber"]


def test_the_bill_follows_the_schema_of_cyclonedx(bill: dict) -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_6)

    assert validator.validate_str(json.dumps(bill)) is None
    assert validator.validate_str(json.dumps(bill | {"components": [{"name": "x"}]})) is not None
