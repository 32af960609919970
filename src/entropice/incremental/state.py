"""Which steps are up to date: their outputs were made with what they would be made with now."""

import logging
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from kedro.io import AbstractDataset

from entropice.errors import InputFileError
from entropice.incremental.differences import differences
from entropice.io import ProvenanceDataset
from entropice.io.checksums import given_sha256, read_fingerprint
from entropice.io.named_files import named_files
from entropice.io.provenance import library_versions
from entropice.io.recorded import RecordedDataset
from entropice.sha256 import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kedro.io import DataCatalog
    from kedro.pipeline import Node

    from entropice.incremental.code_dependencies import CodeDependencies
    from entropice.io.checksums import DigestOf
    from entropice.io.digests import Digests


_LOG = logging.getLogger(__name__)


class IncrementalState:
    """Compares the records beside outputs with the parameters, inputs and code of now.

    Parameters
    ----------
    parameters
        The run's parameters as plain values, without those that say nothing about results.
    code
        The project's sources.
    digests
        Digests of files.

    Attributes
    ----------
    reasons
        Why each step of this run runs, in a few words.
    """

    def __init__(self, parameters: dict[str, Any], code: "CodeDependencies", digests: "Digests") -> None:
        self.digests = digests
        self.reasons: dict[str, str] = {}
        self._parameters = parameters
        self._code = code
        self._code_hashes: dict[str, dict[str, str | None]] = {}

    def save(self) -> None:
        """Remember for the next run what was looked up in this one: writes the digests of files.

        Into the file that `digests` were given at their making; none where they were given None.
        """
        self.digests.save()

    def fingerprint(self, node: "Node", catalog: "DataCatalog") -> dict[str, Any]:
        """Of what the node's outputs are made with now; inputs that do not stand yet are None.

        Returns
        -------
        dict
            ``step``, its function and names of inputs and outputs, as text; and dicts by name: ``parameters`` (values),
            ``files`` that parameters name and ``inputs`` (SHA-256), ``datasets`` (class and options), ``code`` (SHA-256
            by module, None where it is unknown) and ``libraries`` (versions). All can be written as JSON. Of a file
            that is not there the SHA-256 is None.

        Raises
        ------
        InputFileError
            A module of the project is no Python, or a file that a parameter names cannot be read.
        """
        parameters = {name: self._parameter(name) for name in node.inputs if _is_parameter(name)}
        datasets = {name: _described(catalog.get(name)) for name in _datasets(node)}
        return {
            "step": f"{_qualified(node.func)}({', '.join(node.inputs)}) -> {', '.join(node.outputs)}",
            "parameters": parameters,
            "files": {name: given_sha256(path, self.digests.of) for name, path in named_files(parameters)},
            "inputs": contents(node, catalog, self.digests.of),
            "datasets": datasets,
            "code": self._code_of(node, catalog),
            "libraries": library_versions(),
        }

    def why_to_run(self, node: "Node", catalog: "DataCatalog", unsettled: Collection[str] = frozenset()) -> list[str]:
        """Every reason to run a node, in words; none where all its outputs are up to date.

        The first that is found of ``missing``, ``damaged`` (the record), ``changed`` and ``damaged`` (the files) begins
        the list; only of what has changed are there several. An output that keeps no record is always missing. Inputs
        in `unsettled` are left out of the comparison: steps before are still to make them. A list reads such as
        ``["missing: land, rts"]`` or ``["changed: parameter grids.level", "input land"]``.

        Raises
        ------
        InputFileError
            A module of the project is no Python, or a file that a parameter names cannot be read.
        """
        outputs = {name: catalog.get(name) for name in node.outputs}
        recorded = {name: item for name, item in outputs.items() if isinstance(item, RecordedDataset)}
        absent = [name for name in outputs if name not in recorded or not recorded[name].is_recorded]
        if absent:
            return [f"missing: {', '.join(absent)}"]
        unreadable = [name for name, item in recorded.items() if not _passes(read_fingerprint, item.path)]
        if unreadable:
            return [f"damaged: record of {', '.join(unreadable)}"]
        now = self.fingerprint(node, catalog)
        changes = dict.fromkeys(
            item for name in recorded for item in self._changes(recorded[name].path, now, unsettled)
        )
        if changes:
            first, *others = changes
            return [f"changed: {first}", *others]
        # Its own files last, which may be large: where anything else is a reason, they are made again anyway.
        damaged = [name for name, item in recorded.items() if not _passes(item.verify, self.digests.of)]
        return [f"damaged: {', '.join(damaged)}"] if damaged else []

    def stale(self, names: Iterable[str], makers: "Mapping[str, Node]", catalog: "DataCatalog") -> dict[str, list[str]]:
        """Every output among `names`, and among all they are made from, that would be made differently now, and why.

        `makers` are the nodes by output. Outputs without a record, and given files, are taken as they are. Nothing is
        read but records and digests, and nothing is run.

        Returns
        -------
        dict[str, list[str]]
            By output, what differs in the words of `differences`; empty where all would be made the same.

        Raises
        ------
        InputFileError
            The record of one of them is damaged, or a module of the project is no Python.
        """
        stale: dict[str, list[str]] = {}
        pending, seen = sorted(names), set()
        while pending:
            name = pending.pop()
            dataset, maker = catalog.get(name), makers.get(name)
            if name in seen or maker is None or not isinstance(dataset, RecordedDataset) or not dataset.is_recorded:
                continue
            seen.add(name)
            unmade = {item for item in maker.inputs if _is_unknown(catalog.get(item))}
            changes = self._changes(dataset.path, self.fingerprint(maker, catalog), unmade)
            if changes:
                stale[name] = changes
            pending += maker.inputs
        return stale

    def _changes(self, path: "Path", now: dict[str, Any], unsettled: Collection[str]) -> list[str]:
        recorded = read_fingerprint(path)
        settled = [{**item, "inputs": _without(item.get("inputs", {}), unsettled)} for item in (recorded, now)]
        return differences(*settled)

    def _parameter(self, name: str) -> Any:
        value: Any = self._parameters
        for key in name.removeprefix("params:").split(".") if name != "parameters" else ():
            value = value[key]
        return value

    def _code_of(self, node: "Node", catalog: "DataCatalog") -> dict[str, str | None]:
        """Of the function, and of the classes that read its inputs and write its outputs; as at the first look."""
        if node.name not in self._code_hashes:
            self._code_hashes[node.name] = self._find_code(node, catalog)
        return self._code_hashes[node.name]

    def _find_code(self, node: "Node", catalog: "DataCatalog") -> dict[str, str | None]:
        datasets = [catalog.get(name) for name in _datasets(node)]
        hashes: dict[str, str | None] = dict(self._code.hashes([node.func, *map(type, datasets)]))
        module = getattr(node.func, "__module__", "an unnamed function")
        return hashes if module in hashes else {**hashes, module: None}


def contents(node: "Node", catalog: "DataCatalog", digest_of: "DigestOf") -> dict[str, str | None]:
    """One SHA-256 for what each input of a node holds, by name, parameters aside; None where that is unknown.

    `digest_of` gives the SHA-256 of a file. Unknown are inputs that keep no record, do not stand yet, or are damaged.
    """
    names = [name for name in node.inputs if not _is_parameter(name)]
    return {name: _content(catalog.get(name), digest_of) for name in names}


def views(node: "Node", catalog: "DataCatalog") -> set[str]:
    """Names of a node's inputs that are read from other datasets' files: they change whenever one of those does.

    They are those that the catalog holds as a `ProvenanceDataset`.
    """
    return {name for name in node.inputs if isinstance(catalog.get(name), ProvenanceDataset)}


def _content(dataset: AbstractDataset[Any, Any] | None, digest_of: "DigestOf") -> str | None:
    if not isinstance(dataset, RecordedDataset | ProvenanceDataset):
        return None
    try:
        return dataset.content_sha256(digest_of)
    except InputFileError as error:
        _LOG.info("Unknown content: %s", error)
        return None


def _described(dataset: AbstractDataset[Any, Any] | None) -> dict[str, Any]:
    options = dataset.options if isinstance(dataset, RecordedDataset) else {}
    return {"type": type(dataset).__qualname__, **options}


def _datasets(node: "Node") -> list[str]:
    return [name for name in (*node.inputs, *node.outputs) if not _is_parameter(name)]


def _is_parameter(name: str) -> bool:
    return name == "parameters" or name.startswith("params:")


def _is_unknown(dataset: AbstractDataset[Any, Any] | None) -> bool:
    """Whether an output is not there, or its record does not say what it holds."""
    return isinstance(dataset, RecordedDataset) and (
        not dataset.exists() or (dataset.is_recorded and _content(dataset, sha256_of) is None)
    )


def _passes(check: "Callable[..., object]", *arguments: object) -> bool:
    """Whether a check finds no damage; what it finds goes to the log."""
    try:
        check(*arguments)
    except InputFileError as error:
        _LOG.info("Damaged: %s", error)
        return False
    return True


def _qualified(function: "Callable[..., Any]") -> str:
    return f"{getattr(function, '__module__', '')}.{getattr(function, '__qualname__', repr(function))}"


def _without(values: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}
