"""Train the small network as one of several processes: number, count, file to meet at, folder of the final state."""

import os
import sys
from pathlib import Path

import small_kinds
import small_networks as small
from torch import distributed

from entropice.networks.machine import Machine
from entropice.networks.state import state_to_files
from entropice.networks.training import carry_out

KINDS = ("class", "change", "frames")


def train_kind(kind):
    *_, last = small_kinds.training_of(kind, n_parts=2)
    return last.state()


def train(norm="group"):
    *_, last = carry_out(
        small.plan(n_parts=2),
        small.small_network(norm),
        small.OBJECTIVE,
        small.DrawnSamples(),
        small.validate,
        Machine(),
    )
    return last.state()


def write(state, folder):
    folder.mkdir(parents=True)
    for name, content in state_to_files(state).items():
        (folder / name).write_bytes(content)


def main(rank, n_processes, meeting, folder):
    distributed.init_process_group("gloo", f"file://{meeting}", rank=rank, world_size=n_processes)
    for norm in ("group", "batch"):
        write(train(norm), folder / norm / str(rank))
    for kind in KINDS:
        write(train_kind(kind), folder / kind / str(rank))
    distributed.destroy_process_group()
    # gloo's threads may still hold tensors, which aborts the interpreter's end: github.com/pytorch/pytorch/pull/179291
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
