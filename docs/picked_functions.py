"""Public functions picked by lot, as their page shows them: ``python docs/picked_functions.py --n 10 --seed 19``.

Drawn are functions and methods without ``_`` in front of their name, of modules and classes of the package. Each is
printed with its signature and its docstring, and nothing else: what an auditor has who opens its page alone.
"""

import argparse
import ast
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).resolve().parents[1] / "src"


class Function(NamedTuple):
    """A public function or method: its dotted name, and what its page shows."""

    name: str
    page: str


def public_functions(source: Path = SOURCE) -> list[Function]:
    """All of them, by name."""
    found: list[Function] = []
    for path in sorted(source.rglob("*.py")):
        module = ".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")
        found += _functions(ast.parse(path.read_text(encoding="utf-8")), module)
    return sorted(found)


def picked(functions: list[Function], n: int, seed: int) -> list[Function]:
    """`n` of them, the same for the same seed and code."""
    return random.Random(seed).sample(functions, n)  # noqa: S311 - a lot, no secret


def _functions(node: ast.Module | ast.ClassDef, place: str) -> Iterator[Function]:
    for child in node.body:
        name = f"{place}.{getattr(child, 'name', '_')}"
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) and not child.name.startswith("_"):
            returns = f" -> {ast.unparse(child.returns)}" if child.returns else ""
            said = ast.get_docstring(child) or "(no docstring)"
            yield Function(name, f"{child.name}({ast.unparse(child.args)}){returns}\n\n{said}")
        elif isinstance(child, ast.ClassDef) and not child.name.startswith("_"):
            yield from _functions(child, name)


def main() -> None:
    """Print the functions picked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, default=10)
    parser.add_argument("--seed", type=int, default=19)
    asked = parser.parse_args()
    functions = public_functions()
    print(f"{asked.n} of {len(functions)} public functions, seed {asked.seed}.")  # noqa: T201
    for one in picked(functions, asked.n, asked.seed):
        print(f"\n## {one.name}\n\n{one.page}")  # noqa: T201


if __name__ == "__main__":
    main()
