"""Every run-folder schema that came before the present one has its note."""

import re
from pathlib import Path

from entropice.run_folders import SCHEMA

ROOT = Path(__file__).parents[2]
NOTES = (ROOT / "docs/upgrading.md").read_text()


def test_each_earlier_schema_of_runs_has_a_way_to_the_next() -> None:
    name, _, present = SCHEMA.rpartition("/")

    steps = re.findall(rf"^### `{name}/(\d+)` to `{name}/(\d+)`$", NOTES, re.MULTILINE)

    assert steps == [(str(number), str(number + 1)) for number in range(1, int(present))]
    assert f"### Within `{SCHEMA}`" in NOTES


def test_every_published_json_schema_is_told_of() -> None:
    schemas = [
        path.name.removesuffix(".schema.json") for path in (ROOT / "src/entropice/report/schemas").glob("*.json")
    ]

    assert len(schemas) >= 2
    assert [schema for schema in schemas if f"`{'/'.join(schema.rsplit('-', 1))}`" not in NOTES] == []
