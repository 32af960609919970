"""Time of an eSPA sweep on a CUDA device against one CPU core, and whether both find the same.

``python -m benchmarks.espa_gpu`` prints Markdown, or "not run: no CUDA device". A sweep is the difference of two fits
that stop after different numbers of sweeps, divided: what happens once a fit (reading, moving rows to the device)
cancels, and the host waits for the device only where a fit does, every few sweeps and at its end.
``--place torch-cpu`` lets PyTorch on the CPU stand in for the device, to try the script where there is none.
"""

import argparse
import functools
import sys
import time
import warnings
from collections.abc import Sequence
from typing import Final
from unittest.mock import patch

import array_api_compat
import numpy as np
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from benchmarks.measuring import against, circumstances, interleaved_minima, markdown_table
from benchmarks.one_fit import Codes, Device, Singles, Size, fit_sweeps, random_table
from entropice.espa.devices import Place, cuda_place
from entropice.espa.fitting import CHECK_EVERY

LEAST_SPEED_UP: Final = 50.0
MOST_LOSS_DIFFERENCE: Final = 1e-4
LEAST_SAME_BOXES: Final = 0.999

FEW_SWEEPS: Final = CHECK_EVERY
N_REPEATS: Final = 5


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print the report, or say why not."""
    options = _parse(arguments)
    place = cuda_place() if options.place == "cuda" else torch_on_cpu()
    if place is None:
        sys.stdout.write("not run: no CUDA device\n")
        return
    size = Size(options.rows, options.features, options.boxes)
    sys.stdout.write(report(place, size, options.gpu_sweeps, options.cpu_sweeps) + "\n")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--place", choices=["cuda", "torch-cpu"], default="cuda")
    parser.add_argument("--rows", type=int, default=600_000)
    parser.add_argument("--features", type=int, default=300)
    parser.add_argument("--boxes", type=int, default=32)
    parser.add_argument("--gpu-sweeps", type=int, default=10 * CHECK_EVERY, help="sweeps to time there")
    parser.add_argument("--cpu-sweeps", type=int, default=CHECK_EVERY, help="sweeps to time on the core")
    return parser.parse_args(arguments)


def torch_on_cpu() -> Place:
    """PyTorch on the CPU, in the place of a device."""
    import torch

    return Place(array_api_compat.array_namespace(torch.empty(0)), torch.device("cpu"))


def report(place: Place, size: Size, n_gpu_sweeps: int, n_cpu_sweeps: int) -> str:
    """Compare a place with one core and spell it as Markdown.

    Raises
    ------
    RuntimeError
        If the two do not agree.
    """
    rows, codes = random_table(size.n_rows, size.n_features)
    with (
        threadpool_limits(limits=1),
        warnings.catch_warnings(),
        patch("entropice.espa.devices.cuda_place", lambda: place),
    ):
        warnings.simplefilter("ignore", ConvergenceWarning)
        agreement = compare(rows, codes, size.n_boxes)
        gpu_ms = sweep_ms(rows, codes, size.n_boxes, n_gpu_sweeps, "cuda")
        cpu_ms = sweep_ms(rows, codes, size.n_boxes, n_cpu_sweeps, "cpu")
    titles = ["T × D, K", "device", "ms a sweep", "one core, ms a sweep", "core / device"]
    speed_up = against(cpu_ms / gpu_ms, ">=", LEAST_SPEED_UP)
    table = markdown_table(titles, [[str(size), device_name(place), f"{gpu_ms:.2f}", f"{cpu_ms:.1f}", speed_up]])
    return f"{circumstances()}\n\n{table}\n\n{agreement}"


def sweep_ms(rows: Singles, codes: Codes, n_boxes: int, n_sweeps: int, device: Device) -> float:
    """Time of a sweep, ms: the lowest wall time of fits on a device, the lowest CPU time on the CPU."""
    fits = {
        n: functools.partial(fit_sweeps, rows, codes, n_boxes, n, device) for n in (FEW_SWEEPS, FEW_SWEEPS + n_sweeps)
    }
    clock = time.process_time if device == "cpu" else time.perf_counter
    few_s, many_s = interleaved_minima({str(n): fit for n, fit in fits.items()}, N_REPEATS, clock).values()
    return 1e3 * (many_s - few_s) / n_sweeps


def compare(rows: Singles, codes: Codes, n_boxes: int) -> str:
    """Fit on the device and on the CPU; say by how much their losses and boxes differ, and refuse if by too much."""
    there = fit_sweeps(rows, codes, n_boxes, FEW_SWEEPS, "cuda")
    here = fit_sweeps(rows, codes, n_boxes, FEW_SWEEPS, "cpu")
    loss_difference = float(np.abs(there.loss_curve_ / here.loss_curve_ - 1).max())
    same_boxes = float((there.box_of(rows) == here.box_of(rows)).mean())
    said = (
        f"After {FEW_SWEEPS} sweeps on each, losses differ by at most {loss_difference:.1e} (relative, over all "
        f"sweeps) and {same_boxes:.4%} of the rows lie in the same box."
    )
    if loss_difference > MOST_LOSS_DIFFERENCE or same_boxes < LEAST_SAME_BOXES:
        raise RuntimeError(f"Device and CPU do not agree. {said}")
    return said


def device_name(place: Place) -> str:
    """Name of the hardware and of the library that drives it."""
    if array_api_compat.is_torch_namespace(place.namespace):
        import torch

        name = torch.cuda.get_device_name(place.device) if place.device.type == "cuda" else "CPU"
        return f"{name}, PyTorch {torch.__version__}"
    import cupy

    properties = cupy.cuda.runtime.getDeviceProperties(place.device.id)
    return f"{properties['name'].decode()}, CuPy {cupy.__version__}"


if __name__ == "__main__":
    main()
