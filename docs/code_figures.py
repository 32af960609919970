"""Figures of the form of Python code, of this project or any other: ``python docs/code_figures.py src/entropice``.

Of every folder named, a line of a Markdown table. Counted are its ``.py`` files, without tests and templates of code:

- *module*: lines of a file that has more than three.
- *function*: lines from ``def`` to its end without those of the docstring; functions, methods and inner functions.
- *arguments annotated*: share of arguments with a type, ``self`` and ``cls`` left out.
- *broad excepts*: bare ``except`` and ``except Exception`` or ``BaseException``.
- *public docstrings*: share of functions, methods and classes without ``_`` in front of their name that have one.
- *Raises, examples, references*: share of such functions and methods whose docstring has a section "Raises"; a line
  with ``>>>``; a DOI, an address, or a section "References".
- *comments*: lines that hold a comment, a hundred lines of file; remarks for tools (noqa, type:, fmt:, pragma, nosec,
  pylint) are none.
- *docstring lines*: of classes and functions, a hundred lines of file.

With ``--tests FOLDER``: lines of tests for each line of all folders named.
"""

import argparse
import ast
import io
import re
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Documented = _Function | ast.ClassDef
FOR_TOOLS = re.compile(r"#!|#:?\s*(noqa|type:|fmt:|pragma|nosec|pylint|mypy|ruff|isort|pyright|-\*-)")
REFERENCE = re.compile(r"doi|https?://|References\n\s*-{3}|\.\. \[")
RAISES = re.compile(r"Raises\n\s*-{3}|Raises:|:raises")
NOT_COUNTED = {"tests", "template", "templates"}
COLUMNS = (
    "code", "lines", "module median / p90 / max", "function median / p90 / max", "> 60 lines",
    "arguments annotated", "broad excepts", "public docstrings", "Raises", "examples", "references",
    "comments / 100 lines", "docstring lines / 100 lines",
)  # fmt: skip


@dataclass(frozen=True)
class Module:
    """One file of code."""

    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax."""
        return ast.parse(self.text)

    @property
    def n_lines(self) -> int:
        """All lines of the file."""
        return self.text.count("\n")

    @property
    def functions(self) -> list[_Function]:
        """Functions, methods and what is defined within them."""
        return [node for node in ast.walk(self.tree) if isinstance(node, _Function)]

    @property
    def n_docstring_lines(self) -> int:
        """Lines of the docstrings of functions and classes."""
        return sum(map(docstring_lines, ast.walk(self.tree)))

    @property
    def n_comments(self) -> int:
        """Lines with a comment that is meant for readers."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return sum(token.type == tokenize.COMMENT and not FOR_TOOLS.match(token.string) for token in tokens)

    @property
    def public(self) -> list[_Documented]:
        """Functions, methods and classes whose name has no ``_`` in front."""
        return [node for node in ast.walk(self.tree) if isinstance(node, _Documented) and not node.name.startswith("_")]


def modules_of(folder: Path) -> list[Module]:
    """The code below a folder, without tests, and without templates, which stand in folders or packages named so."""
    files = (path.relative_to(folder) for path in sorted(folder.rglob("*.py")))
    own = [path for path in files if not NOT_COUNTED & set(path.parts) and not path.name.startswith("test_")]
    return [Module(path, (folder / path).read_text(encoding="utf-8")) for path in own]


def docstring_lines(node: ast.AST) -> int:
    """Lines of the docstring of a function or class, 0 of any other node."""
    body = getattr(node, "body", None)
    if isinstance(node, _Documented) and body and ast.get_docstring(node, clean=False) is not None:
        return int(body[0].end_lineno - body[0].lineno + 1)
    return 0


def function_lines(node: _Function) -> int:
    """Lines from ``def`` to the end, without the docstring's."""
    return (node.end_lineno or node.lineno) - node.lineno + 1 - docstring_lines(node)


def row(name: str, modules: list[Module]) -> list[str]:
    """The figures of some modules, as cells of the table."""
    functions = [node for module in modules for node in module.functions]
    public = [node for module in modules for node in module.public]
    texts = [ast.get_docstring(node) or "" for node in public if isinstance(node, _Function)]
    arguments = [argument for node in functions for argument in _arguments(node)]
    n_lines = sum(module.n_lines for module in modules)
    lengths = [function_lines(node) for node in functions]
    return [
        name,
        f"{n_lines:,}",
        _spread(module.n_lines for module in modules if module.n_lines > 3),
        _spread(lengths),
        _share(length > 60 for length in lengths),
        _share(argument.annotation is not None for argument in arguments),
        str(sum(_is_broad(node) for module in modules for node in ast.walk(module.tree))),
        _share(ast.get_docstring(node) is not None for node in public),
        _share(RAISES.search(text) is not None for text in texts),
        _share(">>>" in text for text in texts),
        _share(REFERENCE.search(text) is not None for text in texts),
        f"{100 * sum(module.n_comments for module in modules) / n_lines:.2f}",
        f"{100 * sum(module.n_docstring_lines for module in modules) / n_lines:.1f}",
    ]


def _arguments(node: _Function) -> list[ast.arg]:
    said = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
    return [argument for argument in said if argument is not None and argument.arg not in ("self", "cls")]


def _is_broad(node: ast.AST) -> bool:
    broad = (None, "Exception", "BaseException")
    return isinstance(node, ast.ExceptHandler) and (node.type and ast.unparse(node.type)) in broad


def _spread(numbers: Iterable[int]) -> str:
    listed = list(numbers)
    median, p90, most = np.quantile(listed, [0.5, 0.9, 1.0])
    return f"{median:.0f} / {p90:.0f} / {most:.0f}"


def _share(answers: Iterable[bool]) -> str:
    listed = list(answers)
    share = 100 * sum(listed) / len(listed) if listed else 0.0
    return f"{share:.1f} %" if 0 < share < 10 else f"{share:.0f} %"


def main() -> None:
    """Print the table of the folders named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--tests", type=Path, help="their tests")
    asked = parser.parse_args()
    lines = [list(COLUMNS), ["---"] * len(COLUMNS)]
    lines += [row(folder.name, modules_of(folder)) for folder in asked.folders]
    print("\n".join(f"| {' | '.join(cells)} |" for cells in lines))  # noqa: T201
    if asked.tests:
        tests = sum(path.read_text(encoding="utf-8").count("\n") for path in asked.tests.rglob("*.py"))
        code = sum(module.n_lines for folder in asked.folders for module in modules_of(folder))
        print(f"\nTests: {tests:,} lines, {tests / code:.2f} for each line of the code.")  # noqa: T201


if __name__ == "__main__":
    main()
