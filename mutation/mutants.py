"""Small faults that can be made in a module: where, which, and the module's text with one of them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

# Replacements after which numbers are still numbers: what fails on types alone would be found by any test that
# comes by, and say nothing of those that look at values. Decorators stay: nothing differs without cache or compiler.
OPERATORS = (
    *(
        f"ReplaceBinaryOperator_{pair}"
        for pair in (
            "Add_Sub",
            "Sub_Add",
            "Mul_Div",
            "Div_Mul",
            "FloorDiv_Mul",
            "Mod_Mul",
            "Pow_Mul",
            "BitOr_BitAnd",
            "BitAnd_BitOr",
            "BitXor_BitOr",
            "LShift_RShift",
            "RShift_LShift",
        )
    ),
    *(
        f"ReplaceComparisonOperator_{pair}"
        for pair in (
            "Eq_NotEq",
            "NotEq_Eq",
            "Lt_LtE",
            "Lt_GtE",
            "LtE_Lt",
            "LtE_Gt",
            "Gt_GtE",
            "Gt_LtE",
            "GtE_Gt",
            "GtE_Lt",
            "Is_IsNot",
            "IsNot_Is",
        )
    ),
    "ReplaceUnaryOperator_USub_UAdd",
    "ReplaceUnaryOperator_Delete_Invert",
    "ReplaceUnaryOperator_Delete_Not",
    "AddNot",
    "ReplaceTrueWithFalse",
    "ReplaceFalseWithTrue",
    "ReplaceAndWithOr",
    "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue",
    "ReplaceContinueWithBreak",
    "ExceptionReplacer",
    "NumberReplacer",
    "ZeroIterationForLoop",
)


@dataclass(frozen=True)
class Mutant:
    """One fault: the `occurrence`-th place of `module` (a path below the project) that `operator` can change."""

    module: str
    operator: str
    occurrence: int
    line: int
    column: int


def mutants_of(module: str, source: str) -> Iterator[Mutant]:
    """All faults of a module that OPERATORS can make, in the order of its text; none that cannot change a value."""
    operators = {name: _operator(name) for name in OPERATORS}
    seen: dict[str, int] = defaultdict(int)
    for node in ast_nodes(get_ast(source)):
        for name, operator in operators.items():
            for (line, column), _ in operator.mutation_positions(node):
                if not _says_nothing_of_values(node):
                    yield Mutant(module, name, seen[name], line, column)
                seen[name] += 1


def mutated(source: str, mutant: Mutant) -> str:
    """The text of the module with the fault in it."""
    text = mutate_code(source, _operator(mutant.operator), mutant.occurrence)
    if text is None:
        raise ValueError(f"{mutant} is no mutant of the text given.")
    return str(text)


def sample(modules: Sequence[Path], project: Path, n: int, seed: int) -> list[Mutant]:
    """`n` faults at places drawn alike, one a place; the first of a larger sample are those of a smaller one."""
    places: dict[tuple[str, int, int], list[Mutant]] = defaultdict(list)
    for path in sorted(modules):
        for mutant in mutants_of(path.relative_to(project).as_posix(), path.read_text(encoding="utf-8")):
            places[mutant.module, mutant.line, mutant.column].append(mutant)
    order, which = np.random.default_rng(seed).random((2, len(places)))
    candidates = list(places.values())
    return [candidates[i][int(which[i] * len(candidates[i]))] for i in np.argsort(order)[:n]]


def _operator(name: str) -> Any:
    return get_operator(f"core/{name}")()


def _says_nothing_of_values(node: Any) -> bool:
    """Whether a node is of types, of a decorator, or of an argument that only asks ``zip`` to be strict."""
    while node.parent is not None:
        if _is_annotation(node) or node.type == "decorator" or _is_strictness(node):
            return True
        node = node.parent
    return False


def _is_annotation(node: Any) -> bool:
    parent = node.parent
    if parent.type == "annassign":
        return node is parent.children[1]
    if parent.type == "parameters":
        return bool(node.type == "operator")
    return bool(parent.type == "tfpdef") or (parent.type == "funcdef" and node is parent.annotation)


def _is_strictness(node: Any) -> bool:
    return bool(node.type == "argument") and node.get_code(include_prefix=False) == "strict=True"
