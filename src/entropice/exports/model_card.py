"""Networks that say which pixels belong to what is looked for, in the files of a published model card.

Layout, below a folder of the task where there are several::

    checkpoints/{soup,stepNNNNNN-iou0.NNN,last}.ckpt
    diagnostics/{per_chip_val,per_chip_test}.parquet
    diagnostics/{per_region_breakdown,threshold_sweep}.json
    logs/metrics.csv
    config.yaml
    LIMITATIONS.md
    manifest.json                        (every file with its size and SHA-256; of all tasks)

Checkpoints hold tensors and plain values, which torch reads with ``weights_only=True``. Nothing here is read back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import yaml

from entropice.exports.ice_pipeline_data import write_json
from entropice.exports.training_curves import Row
from entropice.sha256 import file_entries
from entropice.types import DataFrame

MANIFEST: Final = "manifest.json"


@dataclass(frozen=True)
class CardFiles:
    """What the files of one task hold.

    Attributes
    ----------
    checkpoints
        Content of each file by its stem.
    log
        Of training, a row an epoch.
    config
        Parameters of the task as plain values.
    tables, documents
        Below ``diagnostics``, by stem.
    limitations
        What the network cannot do, a sentence each.
    """

    checkpoints: Mapping[str, bytes]
    log: Sequence[Row]
    config: Mapping[str, Any]
    tables: Mapping[str, DataFrame]
    documents: Mapping[str, Any]
    limitations: Sequence[str]

    def write(self, folder: Path) -> None:
        """Write every file; the same content gives the same bytes.

        ``checkpoints/<stem>.ckpt``, ``diagnostics/<stem>.parquet`` and ``.json``, ``logs/metrics.csv`` (a row an epoch,
        empty where unknown), ``config.yaml``, ``LIMITATIONS.md``. The folder is made where it is not there. A write
        that breaks off leaves what was written before.

        Raises
        ------
        FileExistsError
            One of these folders is there already.
        ValueError
            A document holds NaN or an infinity.
        """
        for name in ("checkpoints", "diagnostics", "logs"):
            (folder / name).mkdir(parents=True)
        for stem, content in self.checkpoints.items():
            (folder / "checkpoints" / f"{stem}.ckpt").write_bytes(content)
        for stem, table in self.tables.items():
            table.to_parquet(folder / "diagnostics" / f"{stem}.parquet", index=False)
        for stem, document in self.documents.items():
            write_json(folder / "diagnostics" / f"{stem}.json", document)
        pd.DataFrame(self.log).to_csv(folder / "logs" / "metrics.csv", index=False, lineterminator="\n")
        (folder / "config.yaml").write_text(yaml.safe_dump(dict(self.config), sort_keys=False), encoding="utf-8")
        (folder / "LIMITATIONS.md").write_text(limitations_page(self.limitations), encoding="utf-8")


@dataclass(frozen=True)
class ModelCards:
    """Files of tasks by their names."""

    tasks: Mapping[str, CardFiles]

    def write(self, folder: Path) -> None:
        """Write every file into an empty folder, ``manifest.json`` last; one task has no folder of its own.

        The manifest has ``tasks``, their names, and ``files``, a list of ``name bytes sha256`` of every file but
        itself, by path. A write that breaks off leaves no manifest.

        Raises
        ------
        FileExistsError
            A folder ``checkpoints``, ``diagnostics`` or ``logs`` of a task is there already.
        ValueError
            As `CardFiles.write`.
        """
        for task, files in self.tasks.items():
            files.write(folder if len(self.tasks) == 1 else folder / task)
        write_json(folder / MANIFEST, {"tasks": list(self.tasks), "files": file_entries(folder)})


def step_stem(n_steps: int, iou: float) -> str:
    """Stem of the weights after so many steps, with the IoU that validation measured; nan where it measured none.

    >>> step_stem(1234, 0.70149), step_stem(5, float("nan"))
    ('step001234-iou0.701', 'step000005-iounan')
    """
    return f"step{n_steps:06d}-iou{iou:.3f}"


def limitations_page(limitations: Sequence[str]) -> str:
    """What the network cannot do, as Markdown: a heading, and a list in the order given. Texts are not escaped.

    >>> limitations_page(["Lakes under ice are not seen."]).splitlines()[-1]
    '- Lakes under ice are not seen.'
    """
    listed = "\n".join(f"- {limitation}" for limitation in limitations)
    return f"# Limitations\n\nA segmenter, not a forecaster.\n\n{listed}\n"
