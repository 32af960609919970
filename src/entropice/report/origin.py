"""What a run follows from: two runs with the same origin are the same run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from entropice.sha256 import sha256_of_value


@dataclass(frozen=True)
class Origin:
    """What a run follows from, as plain JSON values without machine paths.

    Attributes
    ----------
    composition
        The world, and the source of labels and of each feature group.
    parameters
        Every parameter that decides results.
    provenance
        ``inputs``, ``intermediates``, ``settings``, ``versions`` and ``code_sha256``.
    """

    composition: Mapping[str, Any]
    parameters: Mapping[str, Any]
    provenance: Mapping[str, Any]

    @property
    def run_id(self) -> str:
        """16 hexadecimal digits that follow from composition, parameters, inputs and their settings, and code alone.

        They are the first of `sha256_of_value` (JSON with sorted keys) of the list composition, parameters, ``[dataset,
        sha256]`` of each input in the order of ``provenance``, settings, ``code_sha256``. Intermediates and versions of
        libraries do not count.
        """
        content = [
            dict(self.composition),
            dict(self.parameters),
            [[item["dataset"], item["sha256"]] for item in self.provenance["inputs"]],
            self.provenance["settings"],
            self.provenance["code_sha256"],
        ]
        return sha256_of_value(content)[:16]


def seeds(parameters: Mapping[str, Any], prefix: str = "") -> dict[str, int]:
    """Every parameter named ``seed`` or ``…_seed``, by its dotted path, however deep; lists are not looked into.

    Examples
    --------
    >>> seeds({"modelling": {"seed": 1, "fold_seed": 2, "n_folds": 5}, "seed": 3})
    {'modelling.seed': 1, 'modelling.fold_seed': 2, 'seed': 3}
    """
    found: dict[str, int] = {}
    for name, value in parameters.items():
        if isinstance(value, Mapping):
            found |= seeds(value, f"{prefix}{name}.")
        elif name == "seed" or name.endswith("_seed"):
            found[prefix + name] = value
    return found
