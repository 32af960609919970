"""The files of an environment: which value stands in which, and what YAML makes of them in silence."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, NoReturn

import yaml

from entropice.app.configuration.faults import Location
from entropice.errors import ConfigError, suggestion

NAMES: Final = ("catalog*", "parameters*", "credentials*", "composition*", "globals.yml")
"""What files are called that are read."""

NAMES_BELOW: Final = ("catalog*", "parameters*", "credentials*")
"""The same for files in folders of an environment."""

_OTHERS_OWN: Final = ("logging*", "mlflow*")
_MISREAD: Final = re.compile(r"[\s:\[,{-](?:0[0-7]+|[0-9]+:[0-9:.]+)\s*(?:$|[,\]}#])", re.MULTILINE)
"""A cheap look for what may be an octal or sexagesimal number."""

_FAST_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DOUBLE: Final = re.compile(r"Duplicate keys found in (?P<one>.+) and (?P<other>.+): (?P<keys>.+)")
_OCTAL: Final = re.compile(r"[-+]?0[0-7_]+")
_SEXAGESIMAL: Final = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")


def environment_folders(conf: Path, environment: str | None) -> tuple[Path, ...]:
    """Folders that are read, the environment's own before that of all.

    They need not be there; without an environment it is ``local``.

    Examples
    --------
    >>> [folder.as_posix() for folder in environment_folders(Path("conf"), None)]
    ['conf/local', 'conf/base']
    """
    return tuple(dict.fromkeys([conf / (environment or "local"), conf / "base"]))


def yaml_files(folder: Path) -> list[Path]:
    """Every YAML file below a folder.

    By path; files end in ``.yml`` or ``.yaml``. A folder that is not there has none.
    """
    return sorted(path for path in folder.rglob("*") if path.suffix in {".yml", ".yaml"} and path.is_file())


def check_names(folder: Path, project: Path) -> None:
    """Refuse a file that nothing reads, for what it says would be left out in silence.

    Read are, at the top, files like `NAMES`, in folders below those like `NAMES_BELOW`; logging and MLflow's own pass.
    Messages name paths relative to `project`. At the top these are ``catalog*``, ``parameters*``, ``credentials*``,
    ``composition*`` and ``globals.yml``, below ``catalog*``, ``parameters*`` and ``credentials*``. Files are looked at
    by path; those that are no YAML by name pass.

    Raises
    ------
    ConfigError
        Names the file and the nearest name that is read.
    """
    for path in yaml_files(folder):
        is_at_top = path.parent == folder
        names = NAMES if is_at_top else NAMES_BELOW
        if not any(fnmatchcase(path.name, name) for name in (*names, *_OTHERS_OWN)):
            raise _unread(path, folder, [name.replace("*", ".yml") for name in names], project)


def check_scalars(folder: Path, project: Path) -> None:
    """Refuse numbers that YAML reads as something else than they look: ``010`` as 8, ``12:30`` as 750.

    Only plain scalars count: what stands in quotes is text. The first of them is named. Such are whole numbers with a
    leading zero and no digit above 7, and numbers of parts with colons between them, of which all but the first are
    below 60. Messages name paths relative to `project`. Of a file that stops being YAML only what stands before that is
    looked at.

    Raises
    ------
    ConfigError
        Names file, line and value.
    """
    for path in yaml_files(folder):
        text = path.read_text(encoding="utf-8", errors="replace")
        if _MISREAD.search(text):
            for line, scalar, meant in _misread(text):
                raise ConfigError(
                    f"YAML reads {scalar} as {meant}.",
                    path=path.relative_to(project),
                    field=f"line {line}",
                    got=scalar,
                    expected="a number without leading zeros or colons, or text in quotes",
                    fix=f'write "{scalar}" for text, or the number that is meant, such as {meant}',
                )


def check_overlaps(folder: Path, project: Path) -> None:
    """Refuse a parameter that two files of one environment give: which of them holds would be left to chance.

    Looked at are files whose names begin with ``parameters``; two may give other parts of one section. Messages name
    paths relative to `project`. A list is one value, and so is an empty section.

    Raises
    ------
    ConfigError
        Names both files and the parameter.
    """
    given: dict[Location, Path] = {}
    for path in yaml_files(folder):
        if path.name.startswith("parameters"):
            for location in _leaves(_content(path)):
                if location in given:
                    raise _given_twice(".".join(map(str, location)), given[location], path, project)
                given[location] = path


def explain(error: Exception, folders: tuple[Path, ...], project: Path) -> NoReturn:
    """Say which file the loader has stumbled over, and where.

    `error` is the loader's, and the cause of what is raised; the first file that is wrong in itself is named, of the
    first of `folders` first. Where none is, values cannot be put together.

    Raises
    ------
    ConfigError
        Always.
    """
    for path in (path for folder in folders for path in yaml_files(folder)):
        try:
            content = _loaded(path)
        except yaml.MarkedYAMLError as fault:
            raise _not_yaml(path, project, fault) from error
        except (yaml.YAMLError, UnicodeDecodeError) as fault:
            raise _unreadable(path.relative_to(project), str(fault)) from error
        if content is not None and not isinstance(content, Mapping):
            raise _unreadable(path.relative_to(project), f"{type(content).__name__} {content!r:.60}") from error
    raise _unresolved(error, folders, project) from error


def value_origin(location: Location, kind: str, folders: tuple[Path, ...], project: Path) -> str | None:
    """The file of a kind that gives the value at a location, or most of the way to it; the first folders win.

    `kind` is how names of the files begin, such as ``parameters``; of files that give the value equally far the first
    by folder and path counts. The path is relative to `project`, with slashes; None where none gives even the first
    part.
    """
    depths = {
        path: _depth(_content(path), location)
        for folder in folders
        for path in yaml_files(folder)
        if path.name.startswith(kind)
    }
    deepest = max(depths, key=lambda path: depths[path], default=None)
    return None if deepest is None or depths[deepest] == 0 else deepest.relative_to(project).as_posix()


def _content(path: Path) -> Any:
    return yaml.load(path.read_bytes(), _FAST_LOADER)  # noqa: S506 - a safe loader  # nosec B506


def _leaves(content: Any, location: Location = ()) -> Iterator[Location]:
    if isinstance(content, Mapping) and content:
        for key, value in content.items():
            yield from _leaves(value, (*location, key))
    elif location:
        yield location


def _depth(content: Any, location: Location) -> int:
    for depth, step in enumerate(location):
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            return depth
    return len(location)


class _StrictLoader(yaml.SafeLoader):
    """Refuses a key that occurs twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value} occurs twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _loaded(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), _StrictLoader)  # noqa: S506 - a safe loader  # nosec B506


def _misread(text: str) -> Iterator[tuple[int, str, object]]:
    # Where a file stops being YAML, the loader refuses it next, and says why: `explain`.
    with suppress(yaml.YAMLError):
        for event in yaml.parse(text, yaml.SafeLoader):
            if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and event.style is None:
                value = event.value
                if _OCTAL.fullmatch(value) or _SEXAGESIMAL.fullmatch(value):
                    line = 1 if event.start_mark is None else event.start_mark.line + 1
                    yield line, value, yaml.safe_load(value)


def _unread(path: Path, folder: Path, read: list[str], project: Path) -> ConfigError:
    nearest = get_close_matches(path.name, read, n=1, cutoff=0.0)[0]
    is_misplaced = any(fnmatchcase(path.name, name) for name in NAMES)
    where = folder.relative_to(project)
    return ConfigError(
        "Nothing reads a file of this name here" + ("." if is_misplaced else suggestion(path.name, read)),
        path=path.relative_to(project),
        field="file name",
        got=path.name,
        expected=", ".join(read),
        fix=f"move it to {where}" if is_misplaced else f"rename it, as {nearest}, or move it out of conf",
    )


def _not_yaml(path: Path, project: Path, fault: yaml.MarkedYAMLError) -> ConfigError:
    mark = fault.problem_mark or fault.context_mark
    line = 1 if mark is None else mark.line + 1
    text = path.read_text(encoding="utf-8").splitlines()[line - 1 : line]
    return ConfigError(
        f"This file is no YAML that can be read: {fault.problem}.",
        path=path.relative_to(project),
        field=f"line {line}",
        got="".join(text).strip() or "the end of the file",
        expected="keys that occur once, each followed by a colon and a value, indented by spaces; no tags",
        fix=f"correct line {line}, or the lines above it",
    )


def _unreadable(path: Path, got: str) -> ConfigError:
    return ConfigError(
        "This file holds no keys with values.",
        path=path,
        field="content",
        got=got,
        expected="UTF-8 text of lines such as `grid: h3_4`",
        fix="write keys and values, or remove the file",
    )


def _given_twice(field: str, one: Path, other: Path, project: Path) -> ConfigError:
    first = one.relative_to(project).as_posix()
    return ConfigError(
        f"{field} stands in two files of one environment.",
        path=other.relative_to(project),
        field=field,
        got=f"also in {first}",
        expected="each value in one file",
        fix=f"leave it in {first} alone, or take it out there",
    )


def _unresolved(error: Exception, folders: tuple[Path, ...], project: Path) -> ConfigError:
    double = _DOUBLE.search(str(error))
    if double:
        one, other = sorted([Path(double["one"]), Path(double["other"])])
        return _given_twice(double["keys"], one, other, project)
    lines = [line for line in str(error).splitlines() if line.strip()]
    return ConfigError(
        "The configuration cannot be put together.",
        path=folders[0].relative_to(project),
        field=getattr(error, "full_key", None) or "all files",
        got=lines[0].strip() if lines else type(error).__name__,
        expected="${globals:…} of keys that globals.yml has, and no loops",
        fix=f"correct the files in {folders[0].relative_to(project)}; nothing has been run",
    )
