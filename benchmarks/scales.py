"""Skill of several grids and levels on common units of ground, on virtual Arctics.

``python -m benchmarks.scales --work FOLDER --seeds 101 102 --grids h3_3 h3_4 h3_5 healpix_6 healpix_7`` runs the whole
project for every world and grid with ordinal ridge alone, whose candidates are those of the base run, in spatial folds
alone; then ``kedro run --pipelines comparison``. The first grid is the one that others are compared with. Runs that are
up to date cost nothing, so an interrupted study goes on.
"""

import argparse
import subprocess  # nosec B404
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from benchmarks.espa_accuracy import half_width
from benchmarks.measuring import markdown_table
from benchmarks.virtual_arctic import PROJECT, write_configuration
from entropice.learning.models import MODELS

MODEL: Final = "ordinal_ridge"
BASELINES: Final = [name for name, model in MODELS.items() if model.is_compulsory]
SETTINGS: Final = f"""
modelling:
  folds: {{schemes: [spatial]}}
  models: [{", ".join([MODEL, *BASELINES])}]
  map_model: {MODEL}
  n_refit_folds: 0
  n_bootstrap: 200
  doubts: {{n_members: 5}}
  drivers: {{n_nulls: 3, n_folds: 2}}
"""


def compare(work: Path, seed: int, grids: Sequence[str]) -> Path:
    """Run every grid of a world and compare; return the folder of the comparison."""
    name = write_configuration(work, seed)
    folder = work / "conf" / name / "modelling"
    folder.mkdir(exist_ok=True)
    (folder / "parameters.yml").write_text(SETTINGS, encoding="utf-8")
    for grid in grids:
        kedro(work, name, "--params", f"grid={grid}")
    kedro(work, name, "--pipelines", "comparison")
    return work / name / "comparison"


def kedro(work: Path, environment: str, *options: str) -> None:
    """Run the project in an environment of the work folder."""
    command = [sys.executable, "-m", "kedro", "run", "--conf-source", str(work / "conf"), "--env", environment]
    subprocess.run([*command, *options], cwd=PROJECT, check=True)  # noqa: S603 - our own commands  # nosec B603


def table(folder: Path, reference: str) -> str:
    """Spell skill, paired difference to a reference grid and cost of each run."""
    runs = pd.read_csv(folder / "runs.csv").set_index("run")
    skill = pd.read_csv(folder / "skill.csv")
    differences = both_ways(pd.read_csv(folder / "differences.csv")).set_index(["run", "other", "score"])
    of_model = skill[skill["model"] == MODEL].set_index(["run", "score"])
    rows = [
        [
            run,
            f"{runs.loc[run, 'n_cells']:,.0f}",
            *(interval(of_model.loc[(run, score)], "value") for score in ("deviance_skill", "rank_correlation")),
            f"{of_model.loc[(run, 'deviance_skill'), 'share_of_limit']:.2f}",
            interval(differences.loc[(run, reference, "deviance_skill")], "difference") if run != reference else "–",
        ]
        for run in runs.index
    ]
    titles = ["run", "cells", "deviance skill", "rank correlation", "share of the limit", f"skill − {reference}"]
    return markdown_table(titles, rows)


def table_over_worlds(folders: Sequence[Path], reference: str) -> str:
    """Spell the mean over worlds of each grid's scores and of its paired difference, with half its 95 % t interval."""
    worlds = pd.concat({folder.parent.name: pd.read_csv(folder / "skill.csv") for folder in folders}, names=["world"])
    skill = worlds[worlds["model"] == MODEL].pivot_table("value", "world", ["score", "run"])
    gains = skill["deviance_skill"].sub(skill["deviance_skill"][reference], axis=0)
    rows = [
        [
            run,
            *(mean(skill[score][run]) for score in ("deviance_skill", "rank_correlation")),
            f"{mean(gains[run])}, above 0 in {(gains[run] > 0).sum()} of {len(gains)}" if run != reference else "–",
        ]
        for run in gains
    ]
    return markdown_table(["grid", "deviance skill", "rank correlation", f"skill − {reference}"], rows)


def mean(values: "pd.Series[float]") -> str:
    """Spell a mean over worlds with half its 95 % interval."""
    return f"{values.mean():.3f} ± {half_width(values):.3f}"


def both_ways(differences: pd.DataFrame) -> pd.DataFrame:
    """Each pair of runs in both orders."""
    turned = differences.rename(columns={"run": "other", "other": "run", "low_95": "high_95", "high_95": "low_95"})
    values = ["difference", "low_95", "high_95"]
    return pd.concat([differences, turned.assign(**{name: -turned[name] for name in values})], ignore_index=True)


def interval(row: pd.Series, value: str) -> str:
    """Spell a value with its 95 % interval."""
    return f"{row[value]:.3f} ({row['low_95']:.3f} to {row['high_95']:.3f})"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run, compare, and print a table for each world."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="scratch folder outside the project")
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument("--grids", nargs="+", required=True)
    given = parser.parse_args(arguments)
    folders = []
    for seed in given.seeds:
        folders.append(compare(given.work.resolve(), seed, given.grids))
        print(f"World {seed}\n\n{table(folders[-1], given.grids[0])}\n")  # noqa: T201
    print(f"All worlds\n\n{table_over_worlds(folders, given.grids[0])}")  # noqa: T201


if __name__ == "__main__":
    main()
