"""A reader who follows a page from its first line to its last: every command, every snippet, every server."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from documented import Block, Command, blocks, is_python
from project_copy import copy_project, kedro_environment

LONGEST_S = 3600.0
THERE_BEFORE = {"pip", "source"}
"""What needs no doing: the tests' own installation is complete, and its programs are found first."""
OF_MAKE = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
"""Of the `make` that runs the tests: another one below it would say which folder it enters."""
INSTALLED = "make --assume-old=.venv/.installed --assume-old=.venv/.installed-dashboard "
SERVERS: Mapping[str, str] = {
    "kedro viz run": "http://127.0.0.1:4141",
    "make dashboard": "http://127.0.0.1:8501",
    "kedro dashboard": "http://127.0.0.1:8600",
    "entropice serve": "http://127.0.0.1:8750/api/v1/health",
}
"""Commands that go on until they are stopped, and where each of them answers."""


@dataclass
class Reader:
    """Who follows pages, beginning in a folder; ``given`` are things that stand for a page's placeholders."""

    source: Path
    folder: Path
    given: Mapping[str, Path] = field(default_factory=dict)
    printed: str = ""
    told: str = ""
    _server: subprocess.Popen[str] | None = None

    def follow(self, page: Path) -> None:
        """Do all that a page shows, in its order; what fails ends it."""
        with self._nothing_left_running():
            for block in blocks(page):
                if is_python(block):
                    self._run([sys.executable, "-c", block.text], str(block))
                for command in block.commands():
                    self.give(command)
                self._compare(block)

    def give(self, command: Command) -> None:
        """Do what one command says; what goes on until it is stopped is left running."""
        if command.program == "cd":
            self.folder = self.folder / command.words[1]
        elif command.program == "open":
            assert (self.folder / command.words[1]).is_file(), command
        elif command.words[:2] == ("git", "clone"):
            _clone(self.source, self.folder / command.words[-1])
        elif command.program not in THERE_BEFORE:
            self._ask(command)

    def _ask(self, command: Command) -> None:
        text = re.sub("^make ", INSTALLED, command.text)
        for placeholder, path in self.given.items():
            text = text.replace(placeholder, str(path))
        address = next((SERVERS[name] for name in SERVERS if command.text.startswith(name)), None)
        if address is None:
            self._run(["bash", "-c", text], str(command))
        else:
            self._serve(text, address)

    def _run(self, words: list[str], what: str) -> None:
        result = subprocess.run(
            words,
            cwd=self.folder,
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
        self.printed, self.told = result.stdout, result.stderr
        assert result.returncode == 0, f"{what}\n{result.stdout[-3000:]}{result.stderr[-3000:]}"

    def _serve(self, text: str, address: str) -> None:
        self._stop()
        self._server = subprocess.Popen(
            ["bash", "-c", f"exec {text}"], cwd=self.folder, env=self._environment(), start_new_session=True, text=True
        )
        deadline_s = time.monotonic() + LONGEST_S
        while not _answers(address):
            assert self._server.poll() is None, f"{text} has ended"
            assert time.monotonic() < deadline_s, f"{text} does not answer at {address}"
            time.sleep(0.5)

    def _stop(self) -> None:
        if self._server is not None:
            os.killpg(self._server.pid, signal.SIGTERM)
            self._server.wait(timeout=60)
            self._server = None

    @contextmanager
    def _nothing_left_running(self) -> Iterator[None]:
        try:
            yield
        finally:
            self._stop()

    def _compare(self, block: Block) -> None:
        """JSON that a page shows has the keys of what was printed last."""
        if block.text.startswith("{"):
            assert _keys(json.loads(block.text)) <= _keys(json.loads(self.printed)), block

    def _environment(self) -> dict[str, str]:
        project = next(each for each in (self.folder, *self.folder.parents) if (each / "src").is_dir())
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        own = {"PATH": path, "PYTHONPATH": str(project / "src"), "BROWSER": "true"}
        return {name: value for name, value in kedro_environment().items() if name not in OF_MAKE} | own


def _clone(source: Path, target: Path) -> None:
    """The project as it stands, with what is installed in its `.venv`, as if `make run` had done it."""
    copy_project(source, target)
    shutil.copy(source / "Makefile", target / "Makefile")
    shutil.copytree(source / "qgis_plugin", target / "qgis_plugin")
    (target / ".venv").symlink_to(sys.prefix, target_is_directory=True)


def _answers(address: str) -> bool:
    try:
        return requests.get(address, timeout=5).ok
    except requests.ConnectionError:
        return False


def _keys(value: Any, prefix: str = "") -> set[str]:
    inner = value.items() if isinstance(value, dict) else ()
    return {f"{prefix}{name}" for name, _ in inner}.union(*(_keys(each, f"{prefix}{name}.") for name, each in inner))
