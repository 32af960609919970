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


def is_saving(folder):
    return any(item.name.startswith(".partial") for item in folder.iterdir())


def killed(folder, n_workers, n_more, seconds, at_saving):
    """Whether a process was killed, and not at its end before.

    So many seconds after so many further states; or, at saving, as soon after them as one is being written.
    """
    enough = len(written(folder)) + n_more
    process = os.fork()
    if process == 0:
        train(folder, n_workers)
        os._exit(0)
    while len(written(folder)) < enough or (at_saving and not is_saving(folder)):
        if os.waitpid(process, os.WNOHANG) != (0, 0):
            return False
        time.sleep(0.0002)
    time.sleep(0 if at_saving else seconds)
    os.kill(process, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(process, 0)[1])


def main(folder, n_kills, n_workers, seed):
    kills = saving = 0
    states = []
    next(steps())  # what torch imports at its first step is there in all processes to come
    random = np.random.default_rng(seed)
    for number in range(n_kills):
        moment = random.integers(MOST_STATES), random.uniform(0, LONGEST_S)
        kills += killed(folder, n_workers, *moment, at_saving=number % 2 == 1)
        saving += is_saving(folder)
        states.append(len(written(folder)))
    train(folder)
    print(json.dumps({"kills": kills, "saving": saving, "states": states}))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
