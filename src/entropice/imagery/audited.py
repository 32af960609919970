"""Samples with the targets that an audit has drawn again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from entropice.errors import SchemaError
from entropice.imagery.samples import Sample, Samples, Target
from entropice.types import BoolArray


class Audits(Protocol):
    """Targets of some samples, drawn again; read when they are asked for."""

    @property
    def keys(self) -> Sequence[str]:
        """Samples that were drawn again, each once."""

    def read(self, key: str) -> tuple[Target, BoolArray]:
        """Target, and where it counts, bool; both of the shape of the sample's target, with its pixels."""


@dataclass(frozen=True)
class AuditedSamples:
    """The samples that an audit has drawn again, as it has drawn them; samples themselves.

    Attributes
    ----------
    samples
        Where the images come from.
    audits
        Where the targets come from.
    """

    samples: Samples
    audits: Audits

    @cached_property
    def keys(self) -> Sequence[str]:
        """Those of the audit, in its order.

        Raises
        ------
        SchemaError
            It has drawn what is no sample.
        """
        there = set(self.samples.keys)
        others = [key for key in self.audits.keys if key not in there]
        if others:
            raise SchemaError(
                "An audit has masks of tiles that are not there.",
                field="audits",
                got=f"{len(others)} of {len(self.audits.keys)} without their tile",
                expected="masks of tiles of the task",
                sample=others,
                fix="take them out of the audit, or add their tiles",
            )
        return tuple(self.audits.keys)

    @property
    def bands(self) -> tuple[str, ...]:
        """What every image has."""
        return self.samples.bands

    def read(self, key: str) -> Sample:
        """A sample with the target of the audit, where that counts; its image is that of the samples.

        Raises
        ------
        SchemaError
            The audit has drawn other pixels.
        """
        return self.drawn_again(self.samples.read(key))

    def drawn_again(self, sample: Sample) -> Sample:
        """A sample that has been read, with the target of the audit.

        What is scored is what the audit scores, whatever was scored before; `sample` stays as it is.

        Raises
        ------
        SchemaError
            The audit has drawn other pixels.
        """
        target, scored = self.audits.read(sample.key)
        if target.shape != sample.target.shape:
            raise SchemaError(
                "An audited mask has other pixels than its tile.",
                field=sample.key,
                got=target.shape,
                expected=sample.target.shape,
                fix="draw it again on the tile's pixels",
            )
        return replace(sample, target=target, scored=scored)
