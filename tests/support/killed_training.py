"""Train the small network in processes that are killed, until one comes to the end: folder, kills, workers, seed.

Prints how many were killed before their end, how many of them while a state was being written, and how many states
stood after each.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import small_networks as small

from entropice.io.atomic import atomic_folder
from entropice.networks.machine import Machine
from entropice.networks.state import state_from_files, state_to_files
from entropice.networks.training import carry_out

N_EPOCHS = 20
MOST_STATES = 5
LONGEST_S = 0.01


def written(folder):
    return sorted(item for item in folder.iterdir() if not item.name.startswith("."))


def newest(folder):
    states = written(folder)
    files = {item.name: item.read_bytes() for item in states[-1].iterdir()} if states else None
    return files and state_from_files(files, str(folder))


def write(state, folder):
    with atomic_folder(folder / state.name) as path:
        for name, content in state_to_files(state).items():
            (path / name).write_bytes(content)


def steps(state=None, n_workers=0):
    plan, network, machine = small.plan(N_EPOCHS, n_parts=2), small.small_network("batch"), Machine(n_workers=n_workers)
    return carry_out(plan, network, small.OBJECTIVE, small.DrawnSamples(), small.validate, machine, state)


def train(folder, n_workers=0):
    for training in steps(newest(folder), n_workers):
        write(training.state(), folder)


def killed(folder, n_workers, n_more, seconds):
    """Whether a process was killed so many seconds after so many further states, and not at its end before."""
    enough = len(written(folder)) + n_more
    process = os.fork()
    if process == 0:
        train(folder, n_workers)
        os._exit(0)
    while len(written(folder)) < enough:
        if os.waitpid(process, os.WNOHANG) != (0, 0):
            return False
        time.sleep(0.001)
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(process, 0)[1])


def main(folder, n_kills, n_workers, seed):
    kills = saving = 0
    states = []
    next(steps())  # what torch imports at its first step is there in all processes to come
    random = np.random.default_rng(seed)
    for _ in range(n_kills):
        kills += killed(folder, n_workers, random.integers(MOST_STATES), random.uniform(0, LONGEST_S))
        saving += any(item.name.startswith(".partial") for item in folder.iterdir())
        states.append(len(written(folder)))
    train(folder)
    print(json.dumps({"kills": kills, "saving": saving, "states": states}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
