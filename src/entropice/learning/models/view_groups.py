"""The groups of features that leading components stand for, and how many."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

APART: Final = {"embedding_*_sd": "embedding spreads"}
"""Features that are a group of their own here, by the pattern of their names."""

N_COMPONENTS: Final = {"embeddings": 16, "embedding spreads": 8, "climate": 12, "terrain": 14}
N_COMPONENTS_ELSEWHERE: Final = 8

COPY: Final = " (turned)"
"""Ends the names of copies without meaning: they are viewed like what they copy, but apart from it."""


def view_groups(names: Sequence[str], groups: Mapping[str, str]) -> tuple[list[str], dict[str, int]]:
    """Label of each feature (n_feature,), and how many components at most stand for each label.

    Spreads of embeddings are apart from their means; copies without meaning, whose names end in " (turned)", are apart
    from what they copy, with as many components. Labels are ``embedding spreads`` for names like ``embedding_*_sd``,
    else the group's name. At most 16 components stand for ``embeddings``, 8 for ``embedding spreads``, 12 for
    ``climate``, 14 for ``terrain`` (`N_COMPONENTS`), and 8 for any other (`N_COMPONENTS_ELSEWHERE`).

    Parameters
    ----------
    names
        Of the features.
    groups
        Feature group by name; features without one are together under "".

    Examples
    --------
    >>> groups = {"embedding_00_mean": "embeddings", "embedding_00_sd": "embeddings", "T (turned)": "climate (turned)"}
    >>> labels, n_components = view_groups(list(groups), groups)
    >>> labels, list(n_components.values())
    (['embeddings', 'embedding spreads', 'climate (turned)'], [16, 8, 12])
    """
    labels = [_label(name, groups) for name in names]
    return labels, {label: N_COMPONENTS.get(label.removesuffix(COPY), N_COMPONENTS_ELSEWHERE) for label in labels}


def _label(name: str, groups: Mapping[str, str]) -> str:
    original = name.removesuffix(COPY)
    apart = [label for pattern, label in APART.items() if fnmatchcase(original, pattern)]
    return apart[0] + name[len(original) :] if apart else groups.get(name, "")
