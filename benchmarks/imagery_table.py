"""The table of a network's seeds and ablations: one command that runs what is not on record and writes the page.

``make imagery-table``, or ``python -m benchmarks.imagery_table --size tiny --out docs/imagery-table.md``, needs a
finished base run (``make run``). Each row is a run of ``kedro run --env slump_imagery`` with some parameters changed,
in a work folder of its own below ``data/imagery_table``, which begins as a copy of the scenes and samples of the first
row: steps whose parameters differ are run again, the others are not. Phases follow one another as an ablation has to:
baseline (three seeds), loss, curriculum, architecture, bands, and fusion, which is run only where bands beside red,
green and blue have helped by more than seeds differ. A row whose scores are on record (a JSON line keyed by its
parameters) is not run again; one that was refused is tried again. ``--only loss`` runs one phase, ``--plan`` prints
what would be run and the CPU minutes that rows like it took.
"""

import argparse
import hashlib
import json
import logging
import resource
import shutil
import subprocess  # nosec B404
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import yaml

from benchmarks.espa_accuracy import BEGIN, END, read
from benchmarks.measuring import markdown_table
from benchmarks.virtual_arctic import PROJECT
from entropice.errors import RunStateError
from entropice.imagery.bands import RGB
from entropice.networks.architectures import ARCHITECTURES
from entropice.networks.fusion import FUSIONS

logger = logging.getLogger(__name__)

Changes = Mapping[str, Any]
Record = dict[str, Any]

PHASES: Final = ("baseline", "loss", "curriculum", "architecture", "bands", "fusion")
SEEDS: Final = (42, 43, 44)
RATIOS: Final = (200, 500, 1000)
SHOWN: Final = ("pr_auc", "iou", "slope")
ENVIRONMENT: Final = "slump_imagery"
TASK: Final = "slumps"
PIPELINES: Final = "scenes,samples,training,evaluation"
"""What a row needs to be scored."""

SHARED_FOLDERS: Final = ("03_primary", "05_model_input")
"""Of scenes and samples."""

GUIDE: Final[Changes] = {"losses": [{"name": "focal", "parameters": {"gamma": 2.0, "alpha": 0.25}}]}
"""How rows are trained that do not say otherwise: as the guide has it, whatever the size has in its place."""

WORK: Final = Path("data/imagery_table")
BASE_RUN: Final = Path("data/virtual_arctic/h3_4/03_primary/cells.parquet")


@dataclass(frozen=True)
class Row:
    """One run.

    Attributes
    ----------
    phase, title
        Where it stands in the table.
    changes
        Of the task's parameters, nested as in ``parameters.yml``.
    """

    phase: str
    title: str
    changes: Changes = field(default_factory=dict)

    def parameters(self, size: str) -> dict[str, Any]:
        """Runtime parameters, the work folder aside."""
        training = {**GUIDE, **self.changes.get("training", {})}
        return {"size": size, "tasks": {TASK: {**self.changes, "training": training}}}

    def key(self, size: str) -> str:
        """What it is made with."""
        return hashlib.sha256(json.dumps(self.parameters(size), sort_keys=True).encode()).hexdigest()[:12]


def loss(title: str, *terms: Changes) -> Row:
    """A row whose loss is a sum of terms."""
    return Row("loss", title, {"training": {"losses": list(terms)}})


def curriculum(title: str, phases: Sequence[tuple[int, float]], batch_size: int) -> Row:
    """A row whose ratio of negative to positive tiles goes by these (last epoch, ratio), in batches that hold it."""
    steps = [{"last_epoch": last, "negatives_per_positive": ratio} for last, ratio in phases]
    changes = {"samples": {"curriculum": {"phases": steps}}, "training": {"batch_size": batch_size}}
    return Row("curriculum", f"{title}, batches of {batch_size}", changes)


def plan() -> tuple[Row, ...]:
    """All rows, in the order in which they are run."""
    baseline = [Row("baseline", f"seed {seed}", {"training": {"seed": seed}}) for seed in SEEDS]
    focal = [
        loss(f"focal γ {gamma:g}, α {alpha:g}", {"name": "focal", "parameters": {"gamma": gamma, "alpha": alpha}})
        for gamma, alpha in ((2.0, 0.5), (2.0, 0.75), (1.0, 0.25), (3.0, 0.25))
    ]
    losses = [
        *focal,
        loss("Tversky, missed .7, wrong .3", {"name": "tversky"}),
        loss("Dice", {"name": "dice"}),
        loss("class-balanced", {"name": "balanced_cross_entropy", "parameters": {"positive_share": 0.01}}),
        loss("cross-entropy", {"name": "cross_entropy"}),
        loss("focal + Dice", {"name": "focal"}, {"name": "dice"}),
    ]
    curricula = [
        curriculum("1:1, then 1:2", [(3, 1.0), (6, 2.0)], 8),
        curriculum("fixed 1:2", [(6, 2.0)], 8),
        curriculum("fixed 1:10", [(6, 10.0)], 24),
        curriculum("fixed 1:20", [(6, 20.0)], 24),
    ]
    architectures = [
        Row("architecture", f"{each.title}, one epoch from random weights", architecture(each.name, each.encoder))
        for each in ARCHITECTURES
        if each.needs is None
    ]
    bands = [
        Row("bands", ", ".join(chosen), {"bands": list(chosen)})
        for chosen in (RGB, (*RGB, "nir"), (*RGB, "relative_elevation"), (*RGB, "nir", "ndvi", "relative_elevation"))
    ]
    fusions = [Row("fusion", each.title, {"network": {"fusion": each.name}}) for each in FUSIONS[1:]]
    return (*baseline, *losses, *curricula, *architectures, *bands, *fusions)


def architecture(name: str, encoder: str) -> dict[str, Any]:
    """Changes for one epoch of a network with its own encoder."""
    return {
        "network": {"architecture": name, "encoder": encoder, "encoder_weights": None},
        "training": {"n_epochs": 1, "validated_every": 1, "warmup_epochs": 0},
    }


def bands_help(records: Sequence[Record]) -> bool:
    """Whether red, green and blue alone fall short of the baseline by more than seeds differ (one sd).

    No, where the former or two seeds are not on record.
    """
    at = f"pr_auc_{RATIOS[1]}"
    seeds, rgb = (
        [each["scores"][at] for each in records if has_scores(each) and test(each)] for test in (is_baseline, is_rgb)
    )
    return len(seeds) > 1 and bool(rgb) and float(np.mean(seeds) - np.std(seeds, ddof=1)) > rgb[0]


def is_baseline(record: Record) -> bool:
    """One of the seeds."""
    return bool(record["phase"] == "baseline")


def is_rgb(record: Record) -> bool:
    """Red, green and blue alone."""
    return bool(record["phase"] == "bands" and record["title"] == ", ".join(RGB))


def has_scores(record: Record) -> bool:
    """Whether the run came to its end."""
    return "scores" in record


def run_row(row: Row, size: str, work: Path, shared: Path | None) -> Record:
    """Run a row in its folder, and read its scores; a refusal is what the row says."""
    folder = work / row.key(size)
    results = folder / "h3_4" / size
    if shared is not None:
        for name in SHARED_FOLDERS:
            shutil.copytree(shared / "h3_4" / size / name, results / name, dirs_exist_ok=True)
    write_configuration(folder, ENVIRONMENT)
    given = {
        "env": ENVIRONMENT,
        "conf_source": str((folder / "conf").resolve()),
        "pipelines": PIPELINES,
        "params": row.parameters(size),
    }
    (folder / "run.yml").write_text(yaml.safe_dump({"run": given}), encoding="utf-8")
    before_s, begin_s = children_s(), time.perf_counter()
    command = [sys.executable, "-m", "kedro", "run", "--config", str((folder / "run.yml").resolve())]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603  # nosec B603
    (folder / "output.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    minutes = {"cpu_minutes": (children_s() - before_s) / 60, "minutes": (time.perf_counter() - begin_s) / 60}
    found = {"scores": scores_of(results)} if done.returncode == 0 else {"refusal": refusal(done.stdout + done.stderr)}
    return {"key": row.key(size), "size": size, "phase": row.phase, "title": row.title, **minutes, **found}


def write_configuration(folder: Path, environment: str, **roots: str) -> None:
    """Put the project's configuration into a work folder, with this folder as its root; others as they are given."""
    for name in ("base", environment):
        shutil.copytree(PROJECT / "conf" / name, folder / "conf" / name, dirs_exist_ok=True)
    path = folder / "conf" / environment / "globals.yml"
    changed = yaml.safe_load(path.read_text(encoding="utf-8")) | {"work_root": str(folder.resolve()), **roots}
    path.write_text(yaml.safe_dump(changed), encoding="utf-8")


def children_s() -> float:
    """CPU seconds of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def scores_of(results: Path) -> dict[str, float]:
    """The network's scores at every ratio, with the ends of their bootstrap of blocks."""
    table = pd.read_parquet(results / f"07_model_output/{TASK}_image_scores.parquet")
    chosen = table[(table["model"] == "network") & table["compared_with"].isna() & table["score"].isin(SHOWN)]
    found = {}
    for row in chosen.itertuples():
        name = f"{row.score}_{row.ratio:g}"
        found |= {name: float(row.value), f"{name}_low": float(row.low_95), f"{name}_high": float(row.high_95)}
    return found | {"n_blocks": float(chosen["n_blocks"].max())}


def refusal(output: str) -> str:
    """What the product says where it does not run: the message of the last error on one line, without its file."""
    lines = [line.strip(" │╭╰─╮╯") for line in output.strip().splitlines()[-12:]]
    words = " ".join(line for line in lines if not line.startswith("file: "))
    return " ".join(words.rpartition("Error: ")[2].split())[-400:]


def run(rows: Sequence[Row], size: str, work: Path) -> list[Record]:
    """Run what is not on record; return what is, of these rows, in their order."""
    path = work / "records.jsonl"
    work.mkdir(parents=True, exist_ok=True)
    known = {record["key"]: record for record in read(path)}
    for row in rows:
        if has_scores(known.get(row.key(size), {})) or (row.phase == "fusion" and not bands_help(list(known.values()))):
            continue
        first = work / plan()[0].key(size)
        shared = first if has_scores(known.get(plan()[0].key(size), {})) else None
        known[row.key(size)] = run_row(row, size, work, shared)
        with path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(known[row.key(size)]) + "\n")
        logger.info("%s, %s: %.1f CPU minutes", row.phase, row.title, known[row.key(size)]["cpu_minutes"])
    return [known[row.key(size)] for row in rows if row.key(size) in known]


def planned(rows: Sequence[Row], size: str, records: Sequence[Record]) -> str:
    """What would be run, and the CPU minutes of runs like it."""
    known = {record["key"] for record in records if has_scores(record)}
    spelled = [
        [row.phase, row.title, "done" if row.key(size) in known else "to run", minutes_like(row, records)]
        for row in rows
    ]
    return markdown_table(["phase", "row", "state", "CPU minutes of such runs"], spelled)


def minutes_like(row: Row, records: Sequence[Record]) -> str:
    """Mean CPU minutes of the finished runs of the phase, or of all; a question mark where there is none."""
    finished = [each for each in records if has_scores(each)]
    like = [each["cpu_minutes"] for each in finished if each["phase"] == row.phase]
    minutes = like or [each["cpu_minutes"] for each in finished]
    return f"{np.mean(minutes):.1f}" if minutes else "?"


def page(rows: Sequence[Row], size: str, records: Sequence[Record]) -> str:
    """The table: seeds as mean ± standard deviation, then every row beside the mean of the seeds."""
    by_key = {record["key"]: record for record in records}
    seeds = [each for each in records if each["size"] == size and has_scores(each) and is_baseline(each)]
    head = ["phase", "row", *(f"{score} 1:{ratio}" for score in SHOWN[:2] for ratio in RATIOS), "CPU minutes"]
    lines = [["baseline", f"{len(seeds)} seeds, mean ± sd", *spelled_seeds(seeds)]] if len(seeds) > 1 else []
    for row in rows:
        lines.append([row.phase, row.title, *spelled(by_key.get(row.key(size)))])
    return markdown_table(head, lines)


def spelled_seeds(records: Sequence[Record]) -> list[str]:
    """Mean ± sd of every score over seeds, and the minutes of all."""
    values = pd.DataFrame([record["scores"] for record in records])
    names = [f"{score}_{ratio}" for score in SHOWN[:2] for ratio in RATIOS]
    minutes = sum(record["cpu_minutes"] for record in records)
    return [*(f"{values[name].mean():.3f} ± {values[name].std():.3f}" for name in names), f"{minutes:.1f}"]


def spelled(record: Record | None) -> list[str]:
    """Scores of a row with their intervals, or why there are none."""
    n_columns = len(SHOWN[:2]) * len(RATIOS)
    if record is None:
        return ["not run", *[""] * n_columns]
    if not has_scores(record):
        return [f"refused: {record['refusal']}", *[""] * (n_columns - 1), f"{record['cpu_minutes']:.1f}"]
    found = record["scores"]
    names = [f"{score}_{ratio}" for score in SHOWN[:2] for ratio in RATIOS]
    values = [f"{found[name]:.3f} ({found[f'{name}_low']:.3f} to {found[f'{name}_high']:.3f})" for name in names]
    return [*values, f"{record['cpu_minutes']:.1f}"]


def rewrite(path: Path, table: str) -> None:
    """Put the table between the page's two marker lines."""
    text = path.read_text(encoding="utf-8")
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    path.write_text(f"{head}{BEGIN}\n\n{table}\n\n{END}{tail}", encoding="utf-8")


def require_base_run() -> None:
    """Raise RunStateError where there is no run to build on."""
    if not (PROJECT / BASE_RUN).exists():
        raise RunStateError(
            "Images are drawn on top of a finished base run.",
            path=str(BASE_RUN),
            got="no such file",
            expected="the cells of a run",
            fix="make run",
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is missing, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="tiny", help="tiny, demo or published")
    parser.add_argument("--only", choices=PHASES, help="run one phase")
    parser.add_argument("--plan", action="store_true", help="print what would be run, and run nothing")
    parser.add_argument("--work", type=Path, default=PROJECT / WORK, help="folder of the runs and their records")
    parser.add_argument("--out", type=Path, help="page whose table is rewritten")
    given = parser.parse_args(arguments)
    logger.setLevel(logging.INFO)
    rows = [row for row in plan() if given.only in (None, row.phase)]
    if given.plan:
        print(planned(rows, given.size, read(given.work / "records.jsonl")))  # noqa: T201
        return
    require_base_run()
    run(rows, given.size, given.work)
    table = page(plan(), given.size, read(given.work / "records.jsonl"))
    if given.out:
        rewrite(given.out, table)
    else:
        print(table)  # noqa: T201


if __name__ == "__main__":
    main()
