"""Time and memory of one step of ConvLSTM: ``python -m benchmarks.conv_lstm [--published]``.

Two layers of 32, 30 → 7 frames, one thread, each case in a process of its own: a step of `entropice.networks.training`
on random frames, forwards, backwards and optimiser, with the batch cut into parts of one. Memory is the highest of the
whole process, libraries included. ``--published`` adds 256 pixels, for minutes.
"""

import argparse
import time
from typing import Final

from benchmarks.measuring import circumstances, highest_mb, in_own_process, markdown_table

N_IN: Final = 30
N_OUT: Final = 7
SMALL: Final[tuple[tuple[int, int, int | None], ...]] = (
    (64, 1, None),
    (64, 1, 1),
    (64, 1, 6),
    (64, 4, 6),
    (128, 1, None),
    (128, 1, 6),
)
PUBLISHED: Final[tuple[tuple[int, int, int | None], ...]] = ((256, 1, 6), (256, 4, 3), (256, 4, 6))
"""Edge in pixels, effective batch, and steps between states that are kept."""


def of_step(n_pixels: int, batch: int, recomputed_every: int | None) -> tuple[float, float]:
    """CPU seconds, and MB of the process at its highest."""
    import torch

    from entropice.networks.architecture import NetworkSpecification
    from entropice.networks.architectures import build_network
    from entropice.networks.log import EarlyStopping
    from entropice.networks.loss_registry import LossTerm, loss_of
    from entropice.networks.machine import Machine, computing
    from entropice.networks.objective import frames_objective
    from entropice.networks.plan import Plan
    from entropice.networks.schedules import Schedule
    from entropice.networks.training_steps import Training

    options = {"target_bands": ["ice_concentration"], "recomputed_every": recomputed_every}
    network = build_network(NetworkSpecification("conv_lstm", None, ("ice_concentration",), options=options), 1)
    schedule = Schedule(1, 1e-3, warmup_epochs=0, frozen_epochs=0)
    plan = Plan(lambda _: [], schedule, 0, EarlyStopping("none"), n_parts=batch, weight_decay=0.0)
    objective = frames_objective(loss_of([LossTerm("mean_squared_error")], "frames"), N_OUT)
    training = Training(plan, network, objective, Machine())
    shape = (1, 1, n_pixels, n_pixels)
    parts = [
        (torch.randn(1, N_IN, *shape[1:]), torch.randn(1, N_OUT, *shape[1:]), torch.ones(1, N_OUT, *shape[1:]) > 0)
        for _ in range(batch)
    ]
    begin_s = time.process_time()
    with computing(training.machine):
        training.advance(parts, 1)
    return time.process_time() - begin_s, highest_mb()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--published", action="store_true", help="measure 256 pixels, too")
    rows = []
    for n_pixels, batch, every in SMALL + (PUBLISHED if parser.parse_args().published else ()):
        cpu_s, memory_mb = in_own_process(of_step, n_pixels, batch, every)
        kept = "plain" if every is None else f"every {every}"
        rows.append([f"{n_pixels}²", f"{batch}", kept, f"{cpu_s:.1f}", f"{memory_mb / 1000:.2f}"])
    print(markdown_table(["edge", "batch", "states kept", "CPU s", "peak GB"], rows))  # noqa: T201
    print(circumstances())  # noqa: T201


if __name__ == "__main__":
    main()
