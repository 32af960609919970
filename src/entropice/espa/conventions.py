"""The three scalings of eSPA's strengths found in papers and codes, and how to turn them into ours ("plain").

With a, b and c the factors of discretisation error, weight entropy and label term, only b/a and c/a matter:

==========  ======  =============  ==============  =================================================
convention  a       b              c               found in
==========  ======  =============  ==============  =================================================
plain       1       ε_E            ε_CL            this package; the Julia package of M. Groom
paper       1       ε_E / D        ε_CL / M        code after Horenko (2020), doi:10.1162/neco_a_01296
matlab      1 / D   ε_E / D        ε_CL / M        the authors' MATLAB code (SPARTAn)
==========  ======  =============  ==============  =================================================
"""

from typing import Literal, NamedTuple

Convention = Literal["plain", "paper", "matlab"]


class Strengths(NamedTuple):
    """Strengths of the entropy of the feature weights and of the label term."""

    eps_entropy: float
    eps_class: float


def to_plain(
    convention: Convention, eps_entropy: float, eps_class: float, n_features: int, n_classes: int
) -> Strengths:
    """Turn strengths of a convention into those that `ESPAClassifier` takes, for D features and M classes.

    With a, b and c of the convention these are b / a and c / a: "plain" stays, "paper" gives ``ε_E / D`` and
    ``ε_CL / M``, "matlab" ``ε_E`` and ``ε_CL D / M``.

    Raises
    ------
    ValueError
        If the convention is unknown.

    Examples
    --------
    >>> to_plain("matlab", eps_entropy=0.5, eps_class=0.25, n_features=100, n_classes=5)
    Strengths(eps_entropy=0.5, eps_class=5.0)
    """
    match convention:
        case "plain":
            return Strengths(eps_entropy, eps_class)
        case "paper":
            return Strengths(eps_entropy / n_features, eps_class / n_classes)
        case "matlab":
            return Strengths(eps_entropy, eps_class * n_features / n_classes)
    raise ValueError(f"convention must be 'plain', 'paper' or 'matlab', got {convention!r}.")
