"""What a command names of the pipelines, refused with the nearest where there is no such thing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from entropice.errors import ConfigError

if TYPE_CHECKING:
    from kedro.pipeline import Pipeline

_N_SHOWN: Final = 8


@dataclass(frozen=True)
class Option:
    """One option of ``kedro run`` that names parts of pipelines.

    Attributes
    ----------
    name
        As typed.
    argument
        As ``KedroSession.run`` calls it.
    kind
        What it names, in messages.
    known
        What there is of it.
    """

    name: str
    argument: str
    kind: str
    known: "Callable[[Pipeline], Iterable[str]]"


def _nodes(pipeline: "Pipeline") -> Iterable[str]:
    return [node.name for node in pipeline.nodes]


OPTIONS: Final = (
    Option("--tags", "tags", "tag", lambda pipeline: {tag for node in pipeline.nodes for tag in node.tags}),
    Option("--nodes", "node_names", "step", _nodes),
    Option("--from-nodes", "from_nodes", "step", _nodes),
    Option("--to-nodes", "to_nodes", "step", _nodes),
    Option("--from-inputs", "from_inputs", "dataset", lambda pipeline: pipeline.datasets()),
    Option("--to-outputs", "to_outputs", "dataset", lambda pipeline: pipeline.all_outputs()),
    Option(
        "--namespaces", "namespaces", "namespace", lambda pipeline: {str(node.namespace) for node in pipeline.nodes}
    ),
)


def check_selection(asked: Mapping[str, Any], pipelines: "Mapping[str, Pipeline]") -> None:
    """Refuse names of pipelines, steps, tags, datasets and namespaces that there are none of, and an empty choice.

    `pipelines` are those of the environment by name. Steps, tags, datasets and namespaces are looked for in the
    pipelines that are named, or in ``__default__``; last, at least one step has to meet all options together.

    Parameters
    ----------
    asked
        Arguments of ``KedroSession.run``.

    Raises
    ------
    ConfigError
        Names the option, what it was given, and the nearest name that there is.
    """
    names = asked.get("pipeline_names") or [asked.get("pipeline_name") or "__default__"]
    _require_known("--pipelines", "pipeline", names, sorted(set(pipelines) - {"__default__"}), {"__default__"})
    chosen = sum((pipelines[name] for name in names[1:]), start=pipelines[names[0]])
    for option in OPTIONS:
        known = sorted(option.known(chosen))
        _require_known(option.name, option.kind, asked.get(option.argument) or (), known)
    filters = {option.argument: asked.get(option.argument) for option in OPTIONS if asked.get(option.argument)}
    _require_some(filters, chosen)


def check_versions(asked: Mapping[str, str] | None) -> None:
    """Refuse versions of datasets: none has any.

    None and no versions pass; `asked` maps datasets to versions.

    Raises
    ------
    ConfigError
        A version is asked for.
    """
    for name, version in (asked or {}).items():
        raise ConfigError(
            f"{name} has no versions: what stands at its path is read, whatever version is asked for.",
            path="the command line",
            field="--load-versions",
            got=f"{name}:{version}",
            expected="no version",
            fix="leave out --load-versions; for other files name an environment of their own (docs/how-to.md)",
        )


def _require_known(option: str, kind: str, asked: Iterable[str], known: list[str], silent: Iterable[str] = ()) -> None:
    for name in asked:
        if name not in known and name not in silent:
            nearest = _nearest(name, known)
            raise ConfigError(
                f"There is no {kind} {name!r}" + (f"; did you mean {nearest}?" if nearest else "."),
                path="the command line",
                field=option,
                got=name,
                expected=", ".join(known[:_N_SHOWN]) + (", …" if len(known) > _N_SHOWN else ""),
                fix=f"{option} {nearest}"
                if nearest
                else "see `kedro registry describe`, or name this environment's --env",
            )


def _nearest(name: str, known: list[str]) -> str | None:
    """The nearest name, also of the last part of dotted ones."""
    last_parts = {full.rpartition(".")[2]: full for full in known}
    found = get_close_matches(name, known, n=1) or get_close_matches(name, last_parts, n=1)
    return last_parts.get(found[0], found[0]) if found else None


def _require_some(filters: dict[str, Any], chosen: "Pipeline") -> None:
    renamed = {"node_namespaces" if name == "namespaces" else name: value for name, value in filters.items()}
    try:
        chosen.filter(**renamed)
    except ValueError as error:
        asked = {option.name: filters[option.argument] for option in OPTIONS if option.argument in filters}
        raise ConfigError(
            "No step is left to run.",
            path="the command line",
            field=" ".join(asked),
            got="; ".join(f"{name} {','.join(values)}" for name, values in asked.items()),
            expected="options that at least one step meets together",
            fix="leave one of them out",
        ) from error
