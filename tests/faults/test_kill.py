"""A run killed at any point leaves no torn file, and completes when run again."""

from pathlib import Path

from killed_runs import damaged, records


def test_killed_runs_leave_nothing_torn_and_complete_to_the_bytes_of_an_unbroken_one(
    finished_project: Path, killed_project: Path
) -> None:
    assert damaged(killed_project) == []
    assert records(killed_project) == records(finished_project)
    assert not list(killed_project.rglob(".partial-*")) + list(killed_project.rglob(".replaced-*"))
