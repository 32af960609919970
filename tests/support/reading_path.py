"""Print the modules of eSPA through which a reader follows the rows from `ESPAClassifier.fit` to the first sweep.

A function is read when it is first called with something that holds the rows or a sample of them. Run as a script, with
``NUMBA_DISABLE_JIT=1`` in the environment, so that compiled functions are seen too.
"""

import functools
import itertools
import sys
import types
import warnings
from dataclasses import fields, is_dataclass

import numpy as np

from entropice.espa import ESPAClassifier

N_ROWS, N_FEATURES = 1500, 5
ROOM = "entropice.espa."
PARTS_OF_OTHERS = ("<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>")


def parts_of(value):
    """What an object holds: fields, bound and closed-over values, items."""
    if is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, field.name, None) for field in fields(value)]
    if isinstance(value, functools.partial):
        return [value.func, *value.args, *value.keywords.values()]
    if isinstance(value, types.MethodType):
        return [value.__self__]
    if isinstance(value, types.FunctionType):
        return [cell.cell_contents for cell in value.__closure__ or ()]
    if hasattr(value, "__wrapped__"):
        return [value.__wrapped__]
    return list(value) if isinstance(value, list | tuple) else []


def holds_rows(value, depth=4):
    if isinstance(value, np.ndarray):
        return value.ndim == 2 and value.shape[1] == N_FEATURES and len(value) > N_ROWS // 3
    return depth > 0 and any(holds_rows(part, depth - 1) for part in parts_of(value))


class Swept(Exception):
    """Ends the fit when the rows are in the compiled sweep."""


def reading_path():
    """Modules in the order in which the functions that are given rows are first called."""
    path, known = [], set()

    def profile(frame, event, _):
        code, module = frame.f_code, frame.f_globals.get("__name__", "")
        function = (module, code.co_qualname)
        if event != "call" or not module.startswith(ROOM) or code.co_name in PARTS_OF_OTHERS or function in known:
            return
        given = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] + code.co_freevars
        if any(holds_rows(frame.f_locals.get(name)) for name in given):
            known.add(function)
            path.append(module.removeprefix(ROOM))
            if code.co_name == "add_rows":
                raise Swept

    X = np.random.default_rng(0).random((N_ROWS, N_FEATURES))
    sys.setprofile(profile)
    try:
        ESPAClassifier(n_init=3, device="cpu", random_state=0).fit(X, X[:, 0] > 0.5)
    except Swept:
        return [module for module, _ in itertools.groupby(path)]
    finally:
        sys.setprofile(None)
    raise RuntimeError(f"No sweep was seen; the path is {path}.")


if __name__ == "__main__":
    warnings.simplefilter("ignore", RuntimeWarning)  # hashes overflow where NumPy computes them
    sys.stdout.write("\n".join(reading_path()) + "\n")
