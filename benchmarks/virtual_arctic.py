"""Share of the attainable limit that the project's models reach on virtual Arctics, on the same spatial folds.

``python -m benchmarks.virtual_arctic --seeds 101 102 103 --work FOLDER --out docs/virtual-arctic-scores.md`` makes a
world for each seed with the project's own pipelines, measures what is not on record yet and rewrites the tables
between the page's two marker lines. An interrupted run continues where it stopped; records made with other settings
or versions are ignored, and ``--again espa`` measures the models whose names begin so anew.
"""

import argparse
import hashlib
import json
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from benchmarks.espa_accuracy import Record, forget, half_width, read, rewrite, spell, spell_mean, versions
from entropice.learning.folds import SPATIAL
from entropice.learning.models import MODELS
from entropice.learning.models.candidates import check_numbers
from entropice.learning.models.model import BEST
from entropice.learning.out_of_fold import predict_out_of_fold
from entropice.learning.samples import Samples
from entropice.learning.scores import REFERENCE, SCORES, score_table
from entropice.learning.scores.interval import width_of_blocks
from entropice.learning.scores.score import Score
from entropice.learning.tuning import Tuning
from entropice.report.shares import share_of_limit
from entropice.virtual_arctic.bayes_limit import BAYES_LIMIT

logger = logging.getLogger(__name__)

PROJECT = Path(__file__).parents[1]
COMMAND = "python -m benchmarks.virtual_arctic --seeds $(seq 101 120) --work FOLDER --out docs/virtual-arctic-scores.md"
DATASETS = ("training_table", "folds", "features", "cells", "labels", "truth")
NO_CHANGES: Final[Mapping[str, Any]] = MappingProxyType({})
SEEN_SEEDS = (1, 2, 3, 4, 5, 11, 12, 13)
"""Worlds that were looked at while models and the project's defaults were chosen."""

OURS: Final = (BEST, "ordinal_ridge", "espa_ensemble", "espa")
OTHERS: Final = tuple(name for name, model in MODELS.items() if name not in OURS and not model.is_reference)


@dataclass(frozen=True)
class World:
    """What is known of one virtual Arctic.

    Attributes
    ----------
    table
        The training table.
    samples
        What models may see of its rows.
    folds
        ``fold cell_id role`` of the spatial scheme.
    tuning
        The candidates and inner folds of every model.
    places
        ``block land_area_m2`` of every cell, indexed by ``cell_id``.
    compared
        The models that `best` is the best of: those of the base run.
    n_classes, n_replicates
        Density classes at most; bootstrap replicates behind the interval of a score.
    limit
        Forecasts of the attainable limit, from rows ``scheme fold cell_id year`` and the classes of the folds.
    """

    seed: int
    table: pd.DataFrame
    samples: Samples
    folds: pd.DataFrame
    tuning: Tuning
    places: pd.DataFrame
    compared: Sequence[str]
    n_classes: int
    n_replicates: int
    limit: Callable[[pd.DataFrame, dict[str, Any]], pd.DataFrame]


def forecast(world: World, name: str) -> pd.DataFrame:
    """Fit a model to the training rows of each fold and predict its test rows; columns as in ``out_of_fold``."""
    return predict_out_of_fold(world.table, world.samples, world.folds, [name], world.n_classes, world.tuning)[1]


def forecast_best(world: World) -> pd.DataFrame:
    """Take in each fold the best of the base run's models in its inner folds."""
    names = [*world.compared, BEST]
    predicted = predict_out_of_fold(world.table, world.samples, world.folds, names, world.n_classes, world.tuning)[1]
    return predicted[predicted["model"] == BEST]


def forecast_limit(world: World) -> pd.DataFrame:
    """Forecast as someone who knows all but chance."""
    fold_classes, tested = predict_out_of_fold(
        world.table, world.samples, world.folds, [REFERENCE], world.n_classes, world.tuning
    )
    return world.limit(tested, fold_classes)


FORECASTS: dict[str, Callable[[World], pd.DataFrame]] = {
    BEST: forecast_best,
    **{name: partial(forecast, name=name) for name in MODELS},
    BAYES_LIMIT: forecast_limit,
}


def measure(world: World, name: str) -> Record:
    """Forecast in one thread, and score against the prevalence of the training rows."""
    begin_s = time.process_time()
    with threadpool_limits(limits=1):
        forecasts = FORECASTS[name](world)
    cpu_s = time.process_time() - begin_s
    pieces = [forecast(world, REFERENCE), forecasts][name == REFERENCE :]
    together = pd.concat(pieces, ignore_index=True)
    scores = score_table(together, world.places, world.tuning.random_seed, world.n_replicates, width_of_blocks)
    rows = scores[scores["model"] == name].to_dict("records")
    return {"seed": world.seed, "model": name, "scores": rows, "cpu_s": cpu_s, "settings": settings(world, name)}


def settings(world: World, name: str) -> str:
    """Digest of what decides a record beside the code of the project."""
    tuning = world.tuning
    model = tuning.settings(MODELS[name]) if name in MODELS else None
    data = [pd.util.hash_pandas_object(frame).sum() for frame in (world.table, world.folds)]
    budget = (tuning.n_folds, tuning.buffer_m, tuning.random_seed, world.n_classes, world.n_replicates)
    return hashlib.sha256(repr((name, model, data, budget, versions())).encode()).hexdigest()[:12]


def run(worlds: Sequence[World], names: Sequence[str], path: Path) -> list[Record]:
    """Measure every world and named model that is not on record, appending one JSON line each; return all records."""
    digests = {(world.seed, name): settings(world, name) for world in worlds for name in FORECASTS}
    on_record = read(path)
    known = [each for each in on_record if digests.get((each["seed"], each["model"])) == each["settings"]]
    done = {(each["seed"], each["model"]) for each in known}
    for world, name in ((world, name) for world in worlds for name in names):
        if (world.seed, name) not in done:
            known.append(measure(world, name))
            with path.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(known[-1]) + "\n")
            logger.info("World %d, %s: %.1f s", world.seed, name, known[-1]["cpu_s"])
    return known


def write_configuration(work: Path, seed: int, changes: Mapping[str, Any] = NO_CHANGES) -> str:
    """Put the project's configuration into the work folder, with an environment for this world; return its name.

    ``changes`` are values of ``virtual_arctic`` that differ from those of the base run.
    """
    name = f"world_{seed}"
    shutil.copytree(PROJECT / "conf/base", work / "conf/base", dirs_exist_ok=True)
    (work / "conf" / name / "virtual_arctic").mkdir(parents=True, exist_ok=True)
    (work / "conf" / name / "globals.yml").write_text(f"work_root: {json.dumps(str(work / name))}\n")
    own = {"virtual_arctic": {"seed": seed, **changes}}
    (work / "conf" / name / "virtual_arctic/parameters.yml").write_text(f"{json.dumps(own)}\n")
    return name


def load_worlds(work: Path, seeds: Sequence[int]) -> list[World]:
    """Make or read the world of every seed."""
    logger.setLevel(logging.INFO)
    return [load_world(work, seed) for seed in seeds]


def make_world(work: Path, seed: int, changes: Mapping[str, Any] = NO_CHANGES) -> Any:
    """Run the project's pipelines up to folds and truth, unless they have run; return Kedro's context.

    ``changes`` as in `write_configuration`.
    """
    from kedro.framework.session import KedroSession
    from kedro.framework.startup import bootstrap_project

    bootstrap_project(PROJECT)
    environment = write_configuration(work, seed, changes)
    session: Any = KedroSession.create(PROJECT, env=environment, conf_source=str(work / "conf"))
    with session:
        session.run(to_outputs=DATASETS, only_missing_outputs=True)
        return session.load_context()


def load_world(work: Path, seed: int) -> World:
    """Make a world, unless it is made, and read what models may see of it.

    Raises
    ------
    ValueError
        If models have different numbers of candidates.
    """
    from entropice.pipelines.modelling.nodes import observed_samples, tuning_of
    from entropice.pipelines.reporting.nodes import attainable_limit

    context = make_world(work, seed)
    table, folds, features, cells, labels, truth = (context.catalog.load(name) for name in DATASETS)
    given, modelling = context.parameters, context.parameters.modelling
    tuning = tuning_of(cells, modelling.folds, modelling.tuning, given.random_seed)
    check_numbers(MODELS.values(), tuning.candidates)
    return World(
        seed=seed,
        table=table,
        samples=observed_samples(table, features, cells, given.grid, modelling.folds),
        folds=folds[folds["scheme"] == SPATIAL],
        tuning=replace(tuning, n_processes=1),
        places=modelling.folds.places_of(cells, given.grid),
        compared=modelling.models,
        n_classes=modelling.n_classes,
        n_replicates=modelling.n_bootstrap,
        limit=partial(
            attainable_limit,
            truth,
            cells,
            labels,
            random_seed=given.random_seed,
            n_draws=given.reporting.n_bayes_limit_draws,
        ),
    )


def frame_of(records: Sequence[Record]) -> pd.DataFrame:
    """Lay records out as ``seed cpu_s scheme model score value low_95 high_95 … share_of_limit``."""
    rows = pd.DataFrame([{**keys_of(record), **row} for record in records for row in record["scores"]])
    unshared = [score.name for score in SCORES.values() if not score.has_share_of_limit]
    falling = [score.name for score in SCORES.values() if score.bigger_is_better is False]
    shared = [
        share_of_limit(
            each[each["model"] != BAYES_LIMIT], each[each["model"] == BAYES_LIMIT], unshared=unshared, falling=falling
        )
        for _, each in rows.groupby("seed")
    ]
    return pd.concat(shared, ignore_index=True)


def keys_of(record: Record) -> Record:
    """What all scores of a record share."""
    return {name: record[name] for name in ("seed", "cpu_s")}


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Spell a table."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def table_of_means(frame: pd.DataFrame) -> str:
    """Spell the mean over worlds ± half a 95 % t interval of each score, the best model in bold."""
    skill = frame[frame["score"] == "log_skill"]
    n_worlds = skill.groupby("model").size().reindex(list(FORECASTS), fill_value=0)
    columns = {
        "worlds": n_worlds.astype("str").to_dict(),
        "share of limit": spell_column(skill, "share_of_limit", pd.Series.max),
    }
    for name, score in tabled().items():
        best = pd.Series.max if score.bigger_is_better else pd.Series.min
        columns[name] = spell_column(frame[frame["score"] == name], "value", best)
    columns["ece − limit's"] = spell_column(beyond_limit(frame[frame["score"] == "ece"]), "value", pd.Series.min)
    columns["CPU s"] = spell_column(skill, "cpu_s", pd.Series.min, digits=1)
    return markdown(["model", *columns], ([name, *(column[name] for column in columns.values())] for name in FORECASTS))


def beyond_limit(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows whose value is that beyond the limit's in the same world."""
    limit = frame.loc[frame["model"] == BAYES_LIMIT, ["seed", "value"]].set_index("seed")["value"]
    return frame.assign(value=frame["value"] - frame["seed"].map(limit))


def tabled() -> dict[str, Score]:
    """The scores of reports' main table."""
    return {name: score for name, score in SCORES.items() if score.is_tabled}


def spell_column(frame: pd.DataFrame, column: str, best: Callable[[Any], float], digits: int = 3) -> dict[str, str]:
    """Spell the mean of a column by model; neither limit nor prevalence can be the best."""
    values = frame.groupby("model")[column]
    means, widths = values.mean().reindex(list(FORECASTS)), values.agg(half_width).reindex(list(FORECASTS))
    top = best(means.drop([BAYES_LIMIT, REFERENCE]))
    return {name: spell_mean(means[name], widths[name], top, digits) for name in FORECASTS}


def table_by_world(frame: pd.DataFrame) -> str:
    """Spell log skill with its bootstrap interval for each model and world."""
    skill = frame[frame["score"] == "log_skill"]
    interval = skill.apply(lambda row: "{value:.3f} ({low_95:.3f} to {high_95:.3f})".format(**row), axis=1)
    spelled = skill.assign(interval=interval).pivot_table("interval", "seed", "model", "first")
    columns = [name for name in FORECASTS if name in spelled]
    rows = spelled[columns].fillna("not run").reset_index().astype("str").to_numpy().tolist()
    return markdown(["world", *columns], rows)


def table_of_gains(frame: pd.DataFrame) -> str:
    """Spell by how much the log skill of our models exceeds that of each other one, and in how many of the worlds."""
    skill = frame[frame["score"] == "log_skill"].pivot_table("value", "seed", "model").reindex(columns=list(FORECASTS))
    rows = [[other, *(spell_gain(skill[our] - skill[other]) for our in OURS)] for other in OTHERS]
    return markdown(["other model", *(f"{our} − other" for our in OURS)], rows)


def spell_gain(gain: "pd.Series[float]") -> str:
    """Spell the mean gain over worlds, and in how many it is above 0."""
    spelled = spell_mean(gain.mean(), half_width(gain), np.nan, 3)
    return f"{spelled} ({(gain > 0).sum()} of {gain.count()})" if gain.count() else spelled


def table_of_candidates(tuning: Tuning) -> str:
    """Spell the values that candidates are made of."""
    rows = [
        [name, "; ".join(f"`{parameter}` {spell(values_of(name, parameter, tuning))}" for parameter in candidates[0])]
        for name, candidates in tuning.candidates.items()
    ]
    return markdown(["model", "values"], rows)


def values_of(name: str, parameter: str, tuning: Tuning) -> list[Any]:
    """The different values of one parameter of a model's candidates."""
    return sorted({candidate[parameter] for candidate in tuning.candidates[name]})


def report(records: Sequence[Record], world: World) -> str:
    """Spell all tables, and how they were made; ``world`` is any of them."""
    frame = frame_of(records)
    unseen = frame[~frame["seed"].isin(SEEN_SEEDS)]
    groups = {spell(sorted(each["seed"].unique())): each for each in (frame, unseen) if len(each)}
    titled = {
        **{f"Mean over worlds {seeds}": table_of_means(group) for seeds, group in groups.items()},
        "Log skill by world (95 % interval from a bootstrap of blocks)": table_by_world(frame),
        **{f"Gain in log skill over worlds {seeds}": table_of_gains(group) for seeds, group in groups.items()},
        "Values of the candidates": table_of_candidates(world.tuning),
    }
    return "\n\n".join([header(records, world), *(f"### {title}\n\n{table}" for title, table in titled.items())])


def header(records: Sequence[Record], world: World) -> str:
    """Say command, versions and budget."""
    spelled_versions = ", ".join(f"{name} {number}" for name, number in versions().items())
    minutes = sum(record["cpu_s"] for record in records) / 60
    n_candidates = len(next(iter(world.tuning.candidates.values())))
    return (
        f"Made by `{COMMAND}` with {spelled_versions}; {minutes:.0f} minutes of one core. In each fold every model "
        f"with parameters had the {n_candidates} candidates of `conf/base`, compared by mean log probability over the "
        f"same {world.tuning.n_folds} inner spatial folds of the training rows, and one final fit. Figures are means "
        f"over worlds ± half a 95 % t interval (gains: paired by world), the best model in bold; CPU s is for tuning "
        f"and fitting all folds of a world."
    )


def main() -> None:
    """Make the worlds, run the study and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", required=True, help="seeds of the worlds")
    parser.add_argument("--work", type=Path, required=True, help="scratch folder outside the project")
    parser.add_argument("--out", type=Path, help="page whose tables are rewritten")
    parser.add_argument("--models", default="", help="measure only models whose name begins so")
    parser.add_argument("--again", help="forget the records of models whose name begins so")
    chosen = parser.parse_args()
    work = chosen.work.resolve()
    if work.is_relative_to(PROJECT):
        parser.error(f"--work {work} lies in the project; name a folder outside {PROJECT}")
    os.environ["DO_NOT_TRACK"] = "1"
    path = work / "records.jsonl"
    if chosen.again:
        forget(chosen.again, path)
    worlds = load_worlds(work, chosen.seeds)
    records = run(worlds, [name for name in FORECASTS if name.startswith(chosen.models)], path)
    if chosen.out:
        rewrite(chosen.out, report(records, worlds[0]))


if __name__ == "__main__":
    main()
