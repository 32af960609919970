"""Trained networks in the files of the published Arctic ice pipeline: weights, curves of training and a README.

Layout of the folder ``models``::

    <stem>.pth                      (``model_state_dict``, and plain values on what it is of)
    <stem>_training_curves.png
    <module>.py                     (of networks that no library has)
    README.md

Nothing here is read back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from entropice.exports.training_curves import Row, training_curves

ENCODER: Final = "<encoder>"
"""What stands in a stem for the encoder's name."""


@dataclass(frozen=True)
class ExportedModel:
    """One trained network.

    Attributes
    ----------
    stem
        Of its files.
    title
        What it is called.
    weights
        Content of the file of its weights.
    log
        Of its training.
    loading
        Python that makes it of its file, in torch and its libraries alone.
    modules
        Source of the modules that this needs beside, by name of the file.
    inputs, outputs, says
        What goes in, what is said of it, and as which numbers it comes out of the network.
    expectations
        ``what published ours``: scores as they were published of such networks, and ours.
    limits
        What it cannot do, a sentence each.
    """

    stem: str
    title: str
    weights: bytes
    log: Sequence[Row]
    loading: str
    modules: Mapping[str, str]
    inputs: str
    outputs: str
    says: str
    expectations: Sequence[Mapping[str, str]]
    limits: Sequence[str]

    @property
    def file(self) -> str:
        """Name of the file of its weights, ``<stem>.pth``."""
        return file_of_weights(self.stem)

    @property
    def curves(self) -> str:
        """Name of the picture of its training, ``<stem>_training_curves.png``."""
        return f"{self.stem}_training_curves.png"


def file_of_weights(stem: str) -> str:
    """Name of a file of weights.

    >>> file_of_weights("ice_classifier")
    'ice_classifier.pth'
    """
    return f"{stem}.pth"


def stem_of(pattern: str, encoder: str | None) -> str:
    """Stem of a network's files: a pattern with the name of the encoder in place of ``<encoder>``, empty without one.

    >>> stem_of("ice_classifier_<encoder>", "resnet50"), stem_of("change_detector", None)
    ('ice_classifier_resnet50', 'change_detector')
    """
    return pattern.replace(ENCODER, encoder or "")


def write_models(models: Sequence[ExportedModel], folder: Path) -> None:
    """Write all files of some networks, and ``README.md``; the same networks give the same bytes.

    The folder is made where it is not there; files of the same names are replaced. Files are written network by
    network, ``README.md`` last: a write that breaks off leaves those before it. Of networks with one file name the last
    stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for model in models:
        (folder / model.file).write_bytes(model.weights)
        (folder / model.curves).write_bytes(training_curves(model.log, model.title))
        for name, source in model.modules.items():
            (folder / name).write_text(source, encoding="utf-8")
    (folder / "README.md").write_text(models_readme(models), encoding="utf-8")


def models_readme(models: Sequence[ExportedModel]) -> str:
    r"""Each file, what it takes and gives, how it is loaded, what it is worth, and its limits, as Markdown.

    A section for each network, in their order. Texts are not escaped.

    >>> models_readme([]).partition("\n")[0]
    '# Models'
    """
    parts = [
        "# Models\n\nWeights as torch reads them with `weights_only=True`; nothing in the files runs. Inputs are "
        "float32, standardised band by band with `mean` and `std` of the file; what is not known is 0 then.\n"
    ]
    return "\n".join([*parts, *map(_section, models)])


def _section(model: ExportedModel) -> str:
    lines = [
        f"## {model.title}: `{model.file}`",
        f"- Input: {model.inputs}\n- Output: {model.outputs}\n- Numbers: {model.says}\n- Training: `{model.curves}`",
        f"```python\n{model.loading}\nnetwork.eval()\n```",
        _table(model.expectations) if model.expectations else "Nothing was published of such networks to compare with.",
        "Limits:\n\n" + "\n".join(f"- {limit}" for limit in model.limits),
    ]
    return "\n\n".join(lines) + "\n"


def _table(expectations: Sequence[Mapping[str, str]]) -> str:
    rows = [f"| {row['what']} | {row['published']} | {row['ours']} |" for row in expectations]
    return "\n".join(["| score | published expectation | here |", "|---|---|---|", *rows])
