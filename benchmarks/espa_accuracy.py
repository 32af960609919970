"""Accuracy of eSPA and its rivals on small problems, each model tuned with the same budget.

``python -m benchmarks.espa_accuracy --out docs/espa-accuracy.md`` measures what is not on record yet and rewrites the
tables between the page's two marker lines. An interrupted run continues where it stopped; records made with other
settings or versions are ignored, and ``--again eSPA`` measures the models whose names begin so anew.
"""

import argparse
import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
from scipy.stats import t as student_t
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score
from threadpoolctl import threadpool_limits

from benchmarks.measuring import markdown_table
from benchmarks.problems import FIRST_SEED, PROBLEMS, Problem, Split
from benchmarks.tuned import MODELS, N_CANDIDATES, N_FOLDS, SCORING, Model, search

logger = logging.getLogger(__name__)

RECORDS = Path("data/benchmarks/espa-accuracy.jsonl")
BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"
COMMAND = "python -m benchmarks.espa_accuracy --out docs/espa-accuracy.md"
PACKAGES = ("entropice", "numpy", "sklearn", "xgboost")

Record = dict[str, Any]
Key = tuple[str, str, int]


def measure(problem: Problem, model: Model, seed: int) -> Record:
    """Tune a model on the training rows of one split in one thread, then score it once on the test rows."""
    split = problem.split(seed)
    tuned = search(model, problem.n_train, seed)
    with threadpool_limits(limits=1):
        begin_s = time.process_time()
        tuned.fit(split.train_rows, split.train_classes)
        tuning_cpu_s = time.process_time() - begin_s
        probabilities = tuned.predict_proba(split.test_rows)
    return {
        "problem": problem.name,
        "model": model.name,
        "seed": seed,
        **scores(probabilities, tuned.classes_, split),
        "true_feature_share": true_feature_share(tuned.best_estimator_, problem),
        "tuning_cpu_s": tuning_cpu_s,
        "inner_log_loss": -tuned.best_score_,
        "parameters": {name: as_plain(value) for name, value in tuned.best_params_.items()},
        "settings": settings(model, problem.n_train),
    }


def scores(probabilities: Any, classes: Any, split: Split) -> dict[str, float]:
    """Score class probabilities (T, M) of the test rows; AUC and log loss as scikit-learn defines them."""
    predicted = classes[probabilities.argmax(axis=1)]
    ranking = probabilities[:, 1] if len(classes) == 2 else probabilities
    return {
        "accuracy": float(accuracy_score(split.test_classes, predicted)),
        "auc": float(roc_auc_score(split.test_classes, ranking, multi_class="ovr")),
        "log_loss": float(log_loss(split.test_classes, probabilities, labels=classes)),
    }


def true_feature_share(estimator: Any, problem: Problem) -> float | None:
    """Share of a fitted model's importances on the true features; None without importances or known features."""
    importances = getattr(estimator, "feature_importances_", None)
    if importances is None or problem.n_true_features is None:
        return None
    return float(importances[: problem.n_true_features].sum() / importances.sum())


def as_plain(value: Any) -> Any:
    """Return a NumPy scalar as a Python number, anything else as it is."""
    return value.item() if hasattr(value, "item") else value


def settings(model: Model, n_train: int) -> str:
    """Digest of what decides a record beside problem, seed and the code of the model."""
    spelled = repr((model.make(0), ranges(model, n_train), N_CANDIDATES, N_FOLDS, SCORING, versions()))
    return hashlib.sha256(spelled.encode()).hexdigest()[:12]


def ranges(model: Model, n_train: int) -> dict[str, str]:
    """Spell the distributions of a model's parameters, as in ``loguniform 0.01 to 1`` or ``3, 4, 6``."""
    return {name.split("__")[-1]: spell(values) for name, values in model.distributions(n_train).items()}


def spell(values: Any) -> str:
    """Spell one distribution, or list of values, of a parameter."""
    if isinstance(values, Sequence):
        return ", ".join(str(value) for value in values)
    low, high = values.support()
    return f"{values.dist.name} {low:g} to {high:g}"


def versions() -> dict[str, str]:
    """Versions of the packages the figures depend on."""
    return {name: import_module(name).__version__ for name in PACKAGES}


def run(problems: Sequence[Problem], models: Sequence[Model], path: Path) -> None:
    """Measure every problem, seed and model that is not on record, appending one JSON line each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    known = {key(record) for record in current(read(path), problems, models)}
    for problem, seed, model in wanted(problems, models):
        if (problem.name, model.name, seed) not in known:
            record = measure(problem, model, seed)
            with path.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(record) + "\n")
            logger.info("%s, %s, seed %d: %.1f s", problem.name, model.name, seed, record["tuning_cpu_s"])


def wanted(problems: Sequence[Problem], models: Sequence[Model]) -> Iterator[tuple[Problem, int, Model]]:
    """Yield every problem with each of its seeds and every model."""
    for problem in problems:
        for seed in problem.seeds:
            for model in models:
                yield problem, seed, model


def read(path: Path) -> list[Record]:
    """Read all records from JSON lines; none if there is no file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def forget(prefix: str, path: Path) -> None:
    """Drop the records of the models whose name begins with ``prefix``."""
    kept = [json.dumps(record) + "\n" for record in read(path) if not record["model"].startswith(prefix)]
    path.write_text("".join(kept), encoding="utf-8")


def current(records: Sequence[Record], problems: Sequence[Problem], models: Sequence[Model]) -> list[Record]:
    """Keep the records of the present seeds and settings."""
    expected = {
        (problem.name, model.name, seed): settings(model, problem.n_train)
        for problem, seed, model in wanted(problems, models)
    }
    return [record for record in records if expected.get(key(record)) == record["settings"]]


def key(record: Record) -> Key:
    """Problem, model and seed of a record."""
    return record["problem"], record["model"], record["seed"]


def complete(records: pd.DataFrame) -> pd.DataFrame:
    """Keep the records of problems and models for which every seed is there."""
    n_seeds = records["problem"].map({problem.name: problem.n_seeds for problem in PROBLEMS})
    return records[records.groupby(["problem", "model"])["seed"].transform("nunique") == n_seeds]


def half_width(values: "pd.Series[float]") -> float:
    """Half the width of the 95 % t interval for the mean of the values."""
    quantile = student_t.ppf(0.975, values.count() - 1)
    return float(quantile * values.std() / values.count() ** 0.5)


def table(records: pd.DataFrame, metric: str, best: Callable[[Any], float], digits: int) -> str:
    """Spell one metric as Markdown: a row for each problem, a column for each model, the best mean in bold."""
    means = records.pivot_table(metric, "problem", "model", "mean")
    widths = records.pivot_table(metric, "problem", "model", half_width)
    names = [model.name for model in MODELS if model.name in means.columns]
    rows = []
    for problem in (problem.name for problem in PROBLEMS if problem.name in means.index):
        shown = zip(means.loc[problem, names], widths.loc[problem, names], strict=True)
        top = best(means.loc[problem].dropna())
        cells = [spell_mean(mean, width, top, digits) for mean, width in shown]
        rows.append([problem, *cells])
    return markdown_table(["problem", *names], rows)


def spell_mean(mean: float, width: float, top: float, digits: int) -> str:
    """Spell a mean with its interval, in bold if it is the best; "not run" without figures."""
    if pd.isna(mean):
        return "not run"
    shown = f"{mean:.{digits}f}"
    return f"{f'**{shown}**' if shown == f'{top:.{digits}f}' else shown} ± {width:.{digits}f}"


def report(records: pd.DataFrame) -> str:
    """Spell all tables, and how they were made."""
    titled = {
        "Accuracy": table(records, "accuracy", max, 3),
        "AUC (several classes: mean of each class against the rest)": table(records, "auc", max, 3),
        "Log loss": table(records, "log_loss", min, 3),
        "Share of the feature importances on the two true features": table(records, "true_feature_share", max, 3),
        "CPU seconds for all of tuning and the final fit": table(records, "tuning_cpu_s", min, 1),
    }
    parts = [header(records), *(f"### {title}\n\n{markdown}" for title, markdown in titled.items()), candidates()]
    return "\n\n".join(parts)


def header(records: pd.DataFrame) -> str:
    """Say command, versions, budget and seeds."""
    spelled_versions = ", ".join(f"{name} {number}" for name, number in versions().items())
    fewest = min(problem.n_seeds for problem in PROBLEMS)
    more = "".join(f", {problem.n_seeds} for {problem.name}" for problem in PROBLEMS if problem.n_seeds > fewest)
    cpu_min = records["tuning_cpu_s"].sum() / 60
    return (
        f"Made by `{COMMAND}` with {spelled_versions}, in {cpu_min:.0f} minutes of one core. "
        f"Each model had {N_CANDIDATES} random candidates, compared by `{SCORING}` over the same {N_FOLDS} stratified "
        f"folds of the training rows, and one final fit: {N_CANDIDATES * N_FOLDS + 1} fits. "
        f"Figures are means over seeds ± half a 95 % t interval; the best mean is bold. There are {fewest} seeds, from "
        f"{FIRST_SEED} on{more}."
    )


def candidates() -> str:
    """Spell the table of the distributions of candidates."""
    n_train = max(problem.n_train for problem in PROBLEMS)
    rows = [
        [model.name, "; ".join(f"`{name}` {values}" for name, values in ranges(model, n_train).items())]
        for model in MODELS
    ]
    title = f"### Distributions of the candidates, for {n_train} training rows"
    return f"{title}\n\n{markdown_table(['model', 'drawn from'], rows)}"


def rewrite(page: Path, text: str) -> None:
    """Replace what stands between the page's markers.

    Raises
    ------
    ValueError
        If the page lacks a marker line.
    """
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page} has no lines {BEGIN!r} and {END!r}; add them where the tables shall stand.")
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Run the study and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="page whose tables are rewritten")
    parser.add_argument("--records", type=Path, default=RECORDS, help="JSON lines, one for each model and split")
    parser.add_argument("--models", default="", help="measure only models whose name begins so")
    parser.add_argument("--again", help="forget the records of models whose name begins so")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if chosen.again:
        forget(chosen.again, chosen.records)
    run(PROBLEMS, [model for model in MODELS if model.name.startswith(chosen.models)], chosen.records)
    if chosen.out:
        rewrite(chosen.out, report(complete(pd.DataFrame(current(read(chosen.records), PROBLEMS, MODELS)))))


if __name__ == "__main__":
    main()
