"""One optimiser step of each network of the size `published`, on a GPU or a processor.

``python -m benchmarks.published_networks --device cuda`` prints Markdown: parameters, a whole batch of the size in the
parts that it is cut into, seconds a step (the lowest of repeats, after a first that does not count) and memory of the
device at its highest. Architecture, bands, batch and parts are those of ``conf/<environment>`` with ``size=published``;
images are noise of the published edge, and the loss is the plainest of its kind: what is timed is the network.
``--largest-batch 1`` cuts batches down to what a processor steps through in minutes.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from benchmarks.measuring import markdown_table
from benchmarks.virtual_arctic import PROJECT
from entropice.app.configuration.environment import read_configuration
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.networks.architecture import Kind, NetworkSpecification
from entropice.networks.architectures import architecture_named, build_network
from entropice.networks.batches import Batch
from entropice.networks.describe import count_parameters
from entropice.networks.log import EarlyStopping
from entropice.networks.loss_registry import LossTerm, loss_of
from entropice.networks.machine import PRECISIONS, Machine, computing
from entropice.networks.objective import Objective, class_objective, frames_objective, mask_objective
from entropice.networks.plan import Plan
from entropice.networks.schedules import Schedule
from entropice.networks.training_steps import Training
from entropice.pipelines.training.job import specification_of
from entropice.settings import CONFIG_LOADER_ARGS

EDGES_PX: Final = {
    ("slump_imagery", "slumps"): 512,
    ("sea_ice", "ice_types"): 256,
    ("sea_ice", "ice_motion"): 256,
    ("sea_ice", "ice_change"): 256,
    ("sea_ice", "ice_charts"): 256,
    ("human_modification", "modification"): 64,
    ("glacial_lakes", "lakes"): 224,
}
"""Of every network; that of images is in the section of their source, that of frames in that of their windows."""

GIBIBYTE: Final = 2**30
N_REPEATS: Final = 3

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Published:
    """A network of the size, and the batch that it steps through."""

    title: str
    kind: Kind
    specification: NetworkSpecification
    batch_size: int
    n_parts: int

    def shapes(self, n_samples: int) -> tuple[Shape, Shape]:
        """Of inputs, and of target and scored."""
        edges, n_bands = (self.specification.n_pixels,) * 2, len(self.specification.bands)
        options = self.specification.options
        return {
            "mask": ((n_samples, n_bands, *edges), (n_samples, *edges)),
            "change": ((n_samples, 2, n_bands, *edges), (n_samples, *edges)),
            "class": ((n_samples, n_bands, *edges), (n_samples,)),
            "frames": (
                (n_samples, options.get("n_frames_in", 0), n_bands, *edges),
                (n_samples, options.get("n_frames_out", 0), len(options.get("target_bands", ())), *edges),
            ),
        }[self.kind]

    def part(self, n_samples: int, device: str) -> Batch:
        """Noise with a target of its kind, scored everywhere."""
        inputs, targets = self.shapes(n_samples)
        return (
            torch.randn(inputs, device=device),
            self._target(targets).to(device),
            torch.ones(targets, dtype=torch.bool, device=device),
        )

    def _target(self, shape: Shape) -> Tensor:
        if self.kind == "class":
            n_classes: int = self.specification.options["n_classes"]
            return torch.arange(shape[0]) % n_classes
        return torch.randn(shape) if self.kind == "frames" else torch.rand(shape) < 0.05

    @property
    def objective(self) -> Objective:
        """The plainest of the kind."""
        options = self.specification.options
        makers: dict[str, Callable[[], Objective]] = {
            "mask": lambda: mask_objective(loss_of([LossTerm("cross_entropy")], "mask"), "positive"),
            "change": lambda: mask_objective(loss_of([LossTerm("cross_entropy")], "change"), "change"),
            "class": lambda: class_objective(
                loss_of([LossTerm("class_cross_entropy")], "class", {"n_of_class": [1] * options["n_classes"]})
            ),
            "frames": lambda: frames_objective(
                loss_of([LossTerm("mean_squared_error")], "frames"), options["n_frames_out"]
            ),
        }
        return makers[self.kind]()


def published(environment: str, task: str, n_pixels: int, largest_batch: int) -> Published:
    """A network as its environment has it."""
    given = {"size": "published"}
    loader = RootedConfigLoader(str(PROJECT / "conf"), env=environment, runtime_params=given, **CONFIG_LOADER_ARGS)
    section = read_configuration(loader).parameters.task(task)
    training = section.training
    specification = specification_of(section.network, section.bands, n_pixels)
    batch_size = min(training.batch_size, largest_batch)
    kind = architecture_named(specification.architecture).kind
    return Published(task, kind, specification, batch_size, min(training.n_parts, batch_size))


def step_seconds(network: Published, machine: Machine) -> tuple[Training, float]:
    """A training, and the lowest time of its steps after the first."""
    schedule = Schedule(20, 1e-5, warmup_epochs=0, frozen_epochs=0, encoder_share=1.0)
    plan = Plan(lambda _: [], schedule, 1, EarlyStopping("m"), n_parts=network.n_parts, weight_decay=0.0, clip_norm=1.0)
    training = Training(plan, build_network(network.specification, 1), network.objective, machine)
    n_of_part = network.batch_size // network.n_parts
    parts = [network.part(n_of_part, machine.device) for _ in range(network.n_parts)]
    with computing(machine):
        times_s = [_timed(lambda: training.advance(parts, 20), machine) for _ in range(1 + N_REPEATS)]
    return training, min(times_s[1:])


def _timed(step: Callable[[], object], machine: Machine) -> float:
    _wait(machine)
    begin_s = time.perf_counter()
    step()
    _wait(machine)
    return time.perf_counter() - begin_s


def _wait(machine: Machine) -> None:
    """Work on a GPU is asynchronous."""
    if not machine.is_on_processor:
        torch.cuda.synchronize(machine.device)


def row(network: Published, machine: Machine) -> list[str]:
    """What a step of a network takes."""
    if not machine.is_on_processor:
        torch.cuda.reset_peak_memory_stats(machine.device)
    specification = network.specification
    name = " ".join(filter(None, (specification.architecture, specification.encoder)))
    batch = f"{network.batch_size} in {network.n_parts}"
    edge = f"{len(specification.bands)} × {specification.n_pixels}²"
    try:
        training, step_s = step_seconds(network, machine)
    except RuntimeError as error:  # of torch: an operation without a deterministic algorithm, or too little memory
        return [network.title, name, "", edge, batch, str(error).split(". ")[0], ""]
    memory = "" if machine.is_on_processor else f"{torch.cuda.max_memory_allocated(machine.device) / GIBIBYTE:.1f}"
    n_parameters = count_parameters(training.network).total
    return [network.title, name, f"{n_parameters / 1e6:.1f}", edge, batch, f"{step_s:.3f}", memory]


def report(machine: Machine, largest_batch: int) -> Iterator[str]:
    """Lines of Markdown."""
    record = machine.record()
    yield f"{record['computed_by']}, {machine.precision}, PyTorch {record['torch_version']}.\n"
    titles = ["task", "network", "million parameters", "bands and pixels", "batch and its parts", "s a step", "GiB"]
    networks = [published(*key, n_pixels, largest_batch) for key, n_pixels in EDGES_PX.items()]
    yield markdown_table(titles, [row(network, machine) for network in networks])


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print, or say why not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--precision", choices=tuple(PRECISIONS), default="fp32")
    parser.add_argument("--any-order", action="store_true", help="also algorithms that give other bits each time")
    parser.add_argument("--largest-batch", type=int, default=10_000)
    given = parser.parse_args(arguments)
    if given.device.startswith("cuda") and not torch.cuda.is_available():
        sys.stdout.write("not run: no CUDA device\n")
        return
    machine = Machine(given.device, given.precision, is_deterministic=not given.any_order)
    for line in report(machine, given.largest_batch):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
