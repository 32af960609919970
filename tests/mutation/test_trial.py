"""One trial: the copy is the working tree's, a fault is there for its time alone, and each end has its word."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from mutation.trial import Outcome, copy_tree, run_tests, written

FAILING = "def test_first(): ...\ndef test_second(): assert 1 == 2\ndef test_third(): assert 1 == 3\n"
# Half a second in the process of the test, and half a second in one that it starts.
BUSY = """
import subprocess, sys, time
half = "import time\\nwhile time.process_time() < 0.5: pass"
def test_it():
    exec(half.replace("0.5", str(time.process_time() + 0.5)))
    subprocess.run([sys.executable, "-c", half], check=True)
"""
# A process that the test leaves behind, and that writes its number where the test can find it.
LEAVING = """
import os, pathlib, subprocess, sys
def test_it():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    pathlib.Path("left_running").write_text(str(child.pid))
"""


@pytest.fixture
def tree(tmp_path: Path, pyproject: str) -> Path:
    return _filled(tmp_path / "tree", {"pyproject.toml": pyproject})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    texts = {"src/kept.py": "x = 1\n", "src/gone.py": "", "qgis_plugin/new.py": "", "left_out": "", "é ü\n": "odd"}
    folder = _filled(tmp_path / "project", texts | {".gitignore": "left_out\n"})
    subprocess.run(["git", "-C", str(folder), "init", "-q"], check=True)
    subprocess.run(["git", "-C", str(folder), "add", "src"], check=True)
    (folder / "src/gone.py").unlink()
    return folder


def _filled(folder: Path, texts: dict[str, str]) -> Path:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def _outcome(tree: Path, text: str, limit_s: float = 20.0) -> Outcome:
    (tree / "test_it.py").write_text(text)
    return run_tests(tree, [tree / "test_it.py"], limit_s)


def test_a_copy_has_what_git_knows_or_would_know_and_nothing_that_is_gone(project: Path, tmp_path: Path) -> None:
    tree = copy_tree(project, tmp_path / "tree")

    files = {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert files == {"src/kept.py", "qgis_plugin/new.py", ".gitignore", "é ü\n"}


def test_another_text_of_the_same_length_and_second_is_not_taken_for_the_compiled_one(
    project: Path, tmp_path: Path
) -> None:
    tree = copy_tree(project, tmp_path / "tree")
    module = tree / "src/kept.py"
    times = module.stat()
    (tree / "test_it.py").write_text("import kept\ndef test_it(): assert kept.x == 2\n")

    with written(module, "x = 2\n"):
        os.utime(module, ns=(times.st_atime_ns, times.st_mtime_ns))
        assert run_tests(tree, [tree / "test_it.py"], 20.0).word == "survived"
    assert run_tests(tree, [tree / "test_it.py"], 20.0).word == "killed"


def test_a_text_is_there_for_its_time_alone_and_goes_whatever_happens(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_bytes(before := b"x = 1\r\n\xef\xbb\xbf")

    with pytest.raises(KeyboardInterrupt), written(path, "é = 2\n"):
        assert path.read_text(encoding="utf-8") == "é = 2\n"
        raise KeyboardInterrupt

    assert path.read_bytes() == before


def test_the_first_failure_is_told_and_ends_the_trial(tree: Path) -> None:
    outcome = _outcome(tree, FAILING)

    assert (outcome.word, outcome.noticed_by) == ("killed", "test_it.py::test_second")


def test_a_file_that_cannot_be_read_is_told_by_its_name(tree: Path) -> None:
    outcome = _outcome(tree, "import nothing_of_this_name\n")

    assert (outcome.word, outcome.noticed_by) == ("killed", "test_it.py")


def test_a_process_that_breaks_down_counts_as_noticed(tree: Path) -> None:
    outcome = _outcome(tree, "import os\ndef test_it():\n    os._exit(3)\n", limit_s=7.0)

    assert (outcome.word, outcome.cpu_s) == ("killed", 7.0)
    assert outcome.noticed_by == "ended without a word"


def test_a_breakdown_is_told_in_the_words_of_the_interpreter(tree: Path) -> None:
    assert _outcome(tree, "import os\ndef test_it():\n    os.abort()\n").noticed_by == "Fatal Python error: Aborted"


def test_a_fault_that_nothing_asks_about_is_untested(tree: Path) -> None:
    assert _outcome(tree, "x = 1\n").word == "untested"
    assert run_tests(tree, [], 1.0) == Outcome("untested", 0.0, "")


def test_what_waits_for_ever_is_stopped_by_the_clock(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mutation.trial.PATIENCE", 1.5)
    began = time.monotonic()

    assert _outcome(tree, "import time\ndef test_it(): time.sleep(600)\n", limit_s=2.0) == Outcome("timeout", 2.0, "")
    assert 3.0 <= time.monotonic() - began < 60.0


def test_what_computes_for_ever_is_stopped_by_its_seconds_of_computing(tree: Path) -> None:
    assert _outcome(tree, "def test_it():\n    while True: pass\n", limit_s=2.0).word == "timeout"


def test_seconds_are_those_of_computing_its_children_among_them(tree: Path) -> None:
    assert 1.0 <= _outcome(tree, BUSY).cpu_s < 20.0


def test_what_tests_leave_running_ends_with_them(tree: Path) -> None:
    assert _outcome(tree, LEAVING).word == "survived"

    left, began = int((tree / "left_running").read_text()), time.monotonic()
    while _runs(left):  # the signal has been sent; when it arrives the machine decides
        assert time.monotonic() - began < 30.0
        time.sleep(0.01)


def test_tests_know_the_copy_alone_and_leave_nothing_compiled(tree: Path) -> None:
    _filled(tree, {"src/entropice/__init__.py": "copied = True\n"})

    assert _outcome(tree, "import entropice\ndef test_it(): assert entropice.copied\n").word == "survived"
    assert not list(tree.rglob("*.pyc"))


def test_examples_in_docstrings_are_tests(tree: Path) -> None:
    (tree / "shown.py").write_text('"""\n>>> [1, 2, 3]\n[1, ...]\n>>> 1 + 1\n3\n"""\n')

    outcome = run_tests(tree, [tree / "shown.py"], 20.0)
    assert (outcome.word, outcome.noticed_by) == ("killed", "shown.py::shown")


def test_examples_of_the_plugin_do_not_hide_the_package_that_it_is_called_after(tree: Path) -> None:
    shown = tree / "qgis_plugin/entropice/core/shown.py"
    _filled(tree, {"src/entropice/__init__.py": "", "src/entropice/rest.py": "x = 3\n"})
    _filled(tree, {"qgis_plugin/entropice/__init__.py": "", "qgis_plugin/entropice/core/__init__.py": ""})
    _filled(tree, {str(shown.relative_to(tree)): '"""\n>>> 1 + 1\n2\n"""\n'})
    (tree / "test_it.py").write_text("from entropice.rest import x\ndef test_it(): assert x == 3\n")

    assert run_tests(tree, [shown, tree / "test_it.py"], 20.0).word == "survived"


def _runs(number: int) -> bool:
    """Whether a process runs; one that has ended and waits to be collected does not."""
    stat = Path(f"/proc/{number}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
