"""Functions whose references numba does not count: an array that they gave back would be freed too early."""

import ast
from pathlib import Path

import pytest

import entropice.zonal

OF_NUMBERS = {"None", "int", "bool", "float", "tuple[int, int]", "Sample"}


def uncounted():
    """Name and stated result of each such function."""
    for path in sorted(Path(entropice.zonal.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
                if decorators & {"compiled_in_place", "compiled_reduction_in_place"}:
                    yield pytest.param(ast.unparse(node.returns), id=f"{path.stem}.{node.name}")


@pytest.mark.parametrize("result", list(uncounted()))
def test_functions_that_work_in_place_give_numbers_back(result):
    assert result in OF_NUMBERS
