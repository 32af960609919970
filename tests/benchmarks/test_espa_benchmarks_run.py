"""The speed benchmarks of eSPA run, at sizes that say nothing about speed; what they compare is the same work."""

import os
from pathlib import Path

import numpy as np
import pytest

from benchmarks import espa_cpu, espa_gpu, espa_out_of_core, plain_numpy
from benchmarks.espa_out_of_core import Scale, digest, trained
from benchmarks.measuring import against, in_own_process, interleaved_minima, markdown_table, measured
from benchmarks.one_fit import EPS_CLASS, EPS_ENTROPY, Size, fit_sweeps, random_table, spread_rows
from benchmarks.searches import SEARCHES, Search
from entropice.espa import ESPAClassifier

SMALL = Size(3000, 6, 4)


def cells(report: str) -> list[list[str]]:
    """Cells of all tables of a report, line by line."""
    lines = [line for line in report.splitlines() if line.startswith("| ") and not line.startswith("| ---")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def leading_number(cell: str) -> float:
    return float(cell.split()[0].replace(",", ""))


def test_the_plain_numpy_sweep_is_the_sweep_of_the_classifier() -> None:
    rows, codes = random_table(2000, 5)
    rows = rows.astype(np.float64)
    centers = spread_rows(rows, 4)
    model = ESPAClassifier(
        4, eps_entropy=EPS_ENTROPY, eps_class=EPS_CLASS, init=centers, scale=None, pseudo_count=0, max_iter=100,
        tol=1e-4, reassign=False, device="cpu",
    ).fit(rows, codes)  # fmt: skip
    states = [plain_numpy.begin(centers, codes)]
    for _ in range(model.n_iter_):
        states.append(plain_numpy.sweep(rows, codes, states[-1], EPS_ENTROPY, EPS_CLASS))
    assert model.n_iter_ > 1
    assert [state.loss for state in states[1:]] == pytest.approx(model.loss_curve_, rel=1e-12)
    assert states[-1].centers == pytest.approx(model.box_centers_, rel=1e-9)
    assert states[-1].probabilities == pytest.approx(model.box_class_probabilities_, abs=1e-12)
    assert states[-1].feature_weights == pytest.approx(model.feature_weights_, rel=1e-9)


def test_the_cpu_benchmark_prints_every_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espa_cpu, "MANY_SWEEPS", 4)
    lines = cells(espa_cpu.report([SMALL], [Search(2, 1, 3, 2)], n_repeats=1))
    titles, times, _, ratios, _, memory, _, search = lines
    assert [line[0] for line in (times, ratios, memory)] == [str(SMALL)] * 3
    assert len(times) == len(titles) == 8
    assert all(leading_number(cell) >= 0 for cell in times[2:6])
    assert all("≤" in ratios[column] or "≥" in ratios[column] for column in (1, 3, 4))
    assert leading_number(memory[1]) > 0
    assert search[:2] == ["2 × 3 × 2", "12"]


def test_the_searches_are_those_of_the_target() -> None:
    assert {search.n_fits for search in SEARCHES} == {480}


def test_a_fit_that_ends_early_is_not_counted() -> None:
    rows, codes = random_table(50, 3)
    with pytest.raises(RuntimeError, match="of 200 sweeps"):
        fit_sweeps(rows, codes, 4, 200)


def test_without_cuda_the_gpu_benchmark_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(espa_gpu, "cuda_place", lambda: None)
    espa_gpu.main([])
    assert capsys.readouterr().out == "not run: no CUDA device\n"


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let PyTorch on the CPU stand in for a device, at a small size and with few repeats."""
    pytest.importorskip("torch", reason="PyTorch stands in for a GPU and is not installed")
    monkeypatch.setattr(espa_gpu, "N_REPEATS", 1)
    monkeypatch.setattr(espa_gpu, "FEW_SWEEPS", 4)
    sizes = {"rows": 4000, "features": 6, "boxes": 4, "gpu-sweeps": 4, "cpu-sweeps": 4}
    return ["--place=torch-cpu", *(f"--{name}={value}" for name, value in sizes.items())]


def test_the_gpu_benchmark_compares_device_and_core(stand_in: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    espa_gpu.main(stand_in)
    report = capsys.readouterr().out
    _, line = cells(report)
    assert line[:2] == ["4,000 × 6, K = 4", line[1]]
    assert line[1].startswith("CPU, PyTorch")
    assert "After 4 sweeps on each, losses differ by at most" in report


@pytest.mark.parametrize("bound", ["MOST_LOSS_DIFFERENCE", "LEAST_SAME_BOXES"])
def test_the_gpu_benchmark_refuses_results_that_differ(
    bound: str, stand_in: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(espa_gpu, bound, {"MOST_LOSS_DIFFERENCE": -1.0, "LEAST_SAME_BOXES": 1.1}[bound])
    with pytest.raises(RuntimeError, match="Device and CPU do not agree"):
        espa_gpu.main(stand_in)


def test_fits_from_disk_learn_the_bytes_of_a_fit_in_memory(tmp_path: Path) -> None:
    lines = cells(espa_out_of_core.fit_table(tmp_path, Scale(20_000, 8, 0, 0, 4, 3)))
    assert [line[0] for line in lines[1:]] == ["NumPy array in memory", "NumPy memory map", "Zarr"]
    assert [line[1] for line in lines[1:]] == ["same"] * 3


def test_the_digest_tells_other_fits_apart() -> None:
    scale = Scale(0, 0, 0, 0, 4, 300)
    model, _ = trained(5, scale)
    assert digest(model) == digest(trained(5, scale)[0])
    model.feature_weights_[0] = np.nextafter(model.feature_weights_[0], 1)
    assert digest(model) != digest(trained(5, scale)[0])


def test_a_table_on_disk_is_predicted(tmp_path: Path) -> None:
    report = espa_out_of_core.prediction_table(tmp_path, Scale(0, 0, 20_000, 6, 4, 3))
    _, quarter, whole = cells(report)
    assert (quarter[0], whole[0]) == ("5,000 × 6", "20,000 × 6")
    assert "Wall time for 20,000 cells: " in report


def test_tasks_run_in_turn_and_the_first_round_does_not_count() -> None:
    done: list[str] = []
    seconds = iter([0.0, 5.0, 10.0, 11.0, 20.0, 23.0, 30.0, 37.0])
    tasks = {"a": lambda: done.append("a"), "b": lambda: done.append("b")}
    assert interleaved_minima(tasks, 2, lambda: next(seconds)) == {"a": 3.0, "b": 1.0}
    assert done == ["a", "b"] * 3


def test_memory_counts_what_a_task_touches() -> None:
    values, usage = in_own_process(measured_ones, 50_000_000)
    assert values == 50_000_000
    assert 45 < usage.memory_mb < 60


def measured_ones(n: int):
    return measured(lambda: int(np.ones(n, np.uint8).sum()))


def test_a_process_of_its_own_is_another_one() -> None:
    assert in_own_process(os.getpid) != os.getpid()


def test_targets_say_by_how_much_they_are_missed() -> None:
    assert against(1.5, "<=", 1.5) == "1.50 (≤ 1.5: met)"
    assert against(1.8, "<=", 1.5, " s") == "1.80 s (≤ 1.5 s: missed by 20.0 %)"
    assert against(4.0, ">=", 5.0) == "4.00 (≥ 5: missed by 20.0 %)"


def test_tables_are_markdown() -> None:
    assert markdown_table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"
