"""One item of a checklist beside what the size ``published`` has."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from entropice.app.configuration.environment import Configuration, read_configuration
from entropice.app.configuration.loader import RootedConfigLoader
from entropice.networks.architecture import NetworkSpecification
from entropice.settings import CONFIG_LOADER_ARGS

PROJECT: Final = Path(__file__).parents[2]
LATER: Final = "not here"
"""In place of what the plan has: another issue brings it, which the item names."""


@dataclass(frozen=True)
class Held:
    """A test that holds an item: ``tests/<file>.py::<function>``."""

    test: str

    def __str__(self) -> str:
        """As the page links it."""
        return f"`{self.test}`"

    @property
    def is_there(self) -> bool:
        """Whether its file has the function."""
        path, _, name = self.test.partition("::")
        return f"\ndef {name}(" in (PROJECT / path).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Item:
    """One item: what the checklist says, what the plan has or which test holds it, and why they may differ."""

    name: str
    said: Any
    plan: Any
    because: str = ""

    @property
    def is_equal(self) -> bool:
        """Whether the plan has what is said, or a test holds it."""
        return isinstance(self.plan, Held) or bool(self.said == self.plan)

    @property
    def row(self) -> str:
        """Its row of the page."""
        remark = "" if self.is_equal else self.because
        return f"| {self.name} | {spelled(self.said)} | {spelled(self.plan)} | {remark} |\n"


@dataclass(frozen=True)
class Page:
    """A published system and its page.

    Attributes
    ----------
    name
        Of the page below ``docs``.
    environment
        That runs it.
    beside
        What it is compared with, for people.
    items
        All items, of which a plan has something to show.
    """

    name: str
    environment: str
    beside: str
    items: Callable[[], Iterable[Item]]

    def text(self, items: Iterable[Item]) -> str:
        """The page with these items."""
        return _HEADER.format(environment=self.environment, beside=self.beside) + "".join(item.row for item in items)


_HEADER: Final = """# The size `published`, item by item

What `kedro run --env {environment} --params size=published` would do, beside {beside}.
Made by `python docs/published_plan.py` from `conf/{environment}/parameters.yml`; a test holds that page, parameters and
checklist agree, and that what differs is what is said to. Where a test is named, it holds the item.

| item | checklist | plan | |
|---|---|---|---|
"""


def configured(environment: str, **given: Any) -> Configuration:
    """An environment at the size ``published``, with changes as on the command line."""
    of_run = {"size": "published", **given}
    return read_configuration(
        RootedConfigLoader(str(PROJECT / "conf"), env=environment, runtime_params=of_run, **CONFIG_LOADER_ARGS)
    )


def specified(task: Any, n_pixels: int) -> NetworkSpecification:
    """The network of a task's parameters."""
    network = task.network
    return NetworkSpecification(
        network.architecture, network.encoder, task.bands, n_pixels=n_pixels, options=network.settings
    )


def training_items(training: Any, said: dict[str, Any]) -> Iterator[Item]:
    """Items of a training: what is said of them, by name."""
    plan = {
        "optimiser": "AdamW" if training.weight_decay else "Adam",
        "rate": training.rate,
        "rate falls": "where the metric does not rise" if _falls(training) else "never",
        "loss": " + ".join(loss.name for loss in training.losses),
        "batch": training.batch_size,
        "gradients gathered over": f"{training.n_parts} parts",
        "largest norm of gradients": training.clip_norm,
        "epochs": training.n_epochs,
        "encoder's modules that learn, from its end": training.n_trainable_modules,
        "device": training.device,
    }
    yield from (Item(name, value, plan[name]) for name, value in said.items())


def _falls(training: Any) -> bool:
    return training.plateau is None or training.plateau.patience < training.n_epochs


def spelled(value: Any) -> str:
    """A value for readers."""
    if isinstance(value, tuple | list):
        return ", ".join(map(spelled, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
