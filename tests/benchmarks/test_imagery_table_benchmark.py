"""The table of ablations: every row once and in its order, nothing run twice, and refusals told."""

import json

import pytest

from benchmarks import imagery_table
from benchmarks.imagery_table import PHASES, RATIOS, SEEDS, SHOWN, Row, bands_help, page, plan, planned, refusal, run
from entropice.networks.architectures import ARCHITECTURES


def record(row: Row, pr_auc: float) -> dict[str, object]:
    names = [f"{score}_{ratio}{end}" for score in SHOWN for ratio in RATIOS for end in ("", "_low", "_high")]
    return {
        "key": row.key("tiny"),
        "size": "tiny",
        "phase": row.phase,
        "title": row.title,
        "cpu_minutes": 2.0,
        "scores": dict.fromkeys(names, pr_auc),
    }


def test_phases_come_in_their_order_and_no_row_twice() -> None:
    rows = plan()
    assert list(dict.fromkeys(row.phase for row in rows)) == list(PHASES)
    assert len({row.key("tiny") for row in rows}) == len(rows)
    assert {row.key("tiny") for row in rows}.isdisjoint(row.key("demo") for row in rows)
    assert [row.changes["training"]["seed"] for row in rows if row.phase == "baseline"] == list(SEEDS)


def test_every_architecture_without_an_extra_is_tried() -> None:
    tried = {row.changes["network"]["architecture"] for row in plan() if row.phase == "architecture"}
    assert tried == {each.name for each in ARCHITECTURES if each.needs is None}


def test_what_is_on_record_is_not_run_again_and_what_was_refused_is(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def refuse(row: Row, size: str, _work: object, shared: object) -> dict[str, object]:
        ran.append((row.title, shared))
        return {"key": row.key(size), "phase": row.phase, "title": row.title, "cpu_minutes": 0.1, "refusal": "no"}

    monkeypatch.setattr(imagery_table, "run_row", refuse)
    rows = plan()[:3]
    (tmp_path / "records.jsonl").write_text(json.dumps(record(rows[0], 0.5)) + "\n")
    run(rows, "tiny", tmp_path)
    found = run(rows, "tiny", tmp_path)
    shared = tmp_path / rows[0].key("tiny")
    assert ran == [("seed 43", shared), ("seed 44", shared)] * 2
    assert [each.get("refusal") for each in found] == [None, "no", "no"]


def test_fusion_waits_until_bands_have_helped() -> None:
    rgb = next(row for row in plan() if row.phase == "bands")
    baseline = [record(row, value) for row, value in zip(plan()[:2], (0.3, 0.5), strict=True)]
    assert not bands_help(baseline)
    assert bands_help([*baseline, record(rgb, 0.25)])
    assert not bands_help([*baseline, record(rgb, 0.27)])
    assert not bands_help([baseline[0], record(rgb, 0.1)])


def test_the_page_tells_means_intervals_refusals_and_what_is_not_run() -> None:
    rows = plan()[:4]
    refused = {**record(rows[3], 0.0), "refusal": "field: x got: 1"}
    del refused["scores"]
    table = page(rows, "tiny", [record(rows[0], 0.2), record(rows[1], 0.4), refused]).splitlines()
    assert "0.300 ± 0.141" in table[2]
    assert "0.200 (0.200 to 0.200)" in table[3]
    assert "not run" in table[5]
    assert "refused: field: x got: 1" in table[6]
    assert len({line.count("|") for line in table}) == 1


def test_a_plan_says_what_is_done_and_how_long_such_runs_took() -> None:
    rows = plan()[:2]
    lines = planned(rows, "tiny", [record(rows[0], 0.2)]).splitlines()
    assert lines[2] == "| baseline | seed 42 | done | 2.0 |"
    assert lines[3] == "| baseline | seed 43 | to run | 2.0 |"


def test_a_refusal_is_the_end_of_what_was_said() -> None:
    said = "\n".join(
        [*("noise",) * 40, "ended. Error: Too few.", "  file: /here", "│ field: ratio │", "│ fix: take fewer │"]
    )
    assert refusal(said) == "Too few. field: ratio fix: take fewer"


@pytest.mark.parametrize("arguments", [["--only", "weather"], ["--size"]])
def test_wrong_arguments_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        imagery_table.main(arguments)
