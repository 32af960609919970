"""What pages show: their blocks of code, and the commands in blocks and running text."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

PROJECT = Path(__file__).parents[2]
PAGES = tuple(
    sorted(
        path
        for pattern in ("*.md", "docs/**/*.md", "data/*.md", "benchmarks/*.md", "mutation/*.md")
        for path in PROJECT.glob(pattern)
    )
)
PROGRAMS = frozenset(
    {
        "cd",
        "curl",
        "entropice",
        "git",
        "jupyter",
        "kedro",
        "make",
        "open",
        "pip",
        "pytest",
        "python",
        "sha256sum",
        "source",
    }
)
_ASSIGNMENT = re.compile(r"[A-Z_]+=\S+$")


@dataclass(frozen=True)
class Block:
    """A block of code: indented or fenced, on a page from a line on (counted from 1)."""

    page: Path
    line: int
    text: str

    def commands(self) -> "Iterator[Command]":
        """The commands among its lines, in their order."""
        text = self.text.replace("\\\n", "  ")
        for line, shown in enumerate(text.splitlines(), start=self.line):
            for each in shown.removeprefix("$ ").split(" && "):
                words = _words(each)
                if len(words) > 1 and Path(words[0]).name in PROGRAMS:
                    yield Command(self.page, line, each.split("  #")[0].strip())

    def __str__(self) -> str:
        return f"{self.page.relative_to(PROJECT)}:{self.line}"


@dataclass(frozen=True)
class Command:
    """One command as its reader would give it, without the comment beside it."""

    page: Path
    line: int
    text: str

    @property
    def words(self) -> tuple[str, ...]:
        """What a shell would make of it, without variables set before the program."""
        return tuple(_words(self.text))

    @property
    def program(self) -> str:
        """The program alone: ``kedro`` of ``.venv/bin/kedro run``."""
        return Path(self.words[0]).name

    def __str__(self) -> str:
        return f"{self.page.relative_to(PROJECT)}:{self.line} {self.text}"


def blocks(page: Path) -> tuple[Block, ...]:
    """All blocks of code of a page, in their order."""
    found = (token for token in _tokens(page) if token.type in {"code_block", "fence"} and token.map)
    return tuple(Block(page, token.map[0] + 1 + (token.type == "fence"), token.content) for token in found)


def commands(page: Path) -> tuple[Command, ...]:
    """Every command in the blocks of a page, in their order."""
    return tuple(command for block in blocks(page) for command in block.commands())


def is_python(block: Block) -> bool:
    """Whether a block imports something, as Python does."""
    return re.search(r"^(?:import|from) \w", block.text, re.M) is not None


def listed_files(block: Block) -> tuple[str, ...]:
    """Files that a block lists with what each holds, some spaces apart; ``<name>`` stands for any."""
    names = re.findall(r"^ *([\w<>*./]+\.\w+(?:, [\w.]+)*) {2,}\S", block.text, re.M)
    return tuple(re.sub(r"<\w+>", "*", name) for names_of_line in names for name in names_of_line.split(", "))


def in_running_text(page: Path) -> tuple[Command, ...]:
    """Every command in the running text of a page: code that begins with a program and says what to do."""
    return tuple(
        Command(page, line, text)
        for line, text in inline_code(page)
        if "…" not in text and len(words := _words(text)) > 1 and Path(words[0]).name in PROGRAMS
    )


def options_in_running_text(page: Path) -> tuple[Command, ...]:
    """Options that are named without their command, as those of a run in the first environment that the page shows."""
    shown = commands(page)
    if not shown:
        return ()
    named = (words[words.index("--env") + 1] for each in shown if "--env" in (words := each.words))
    run = f"kedro run --env {next(named, 'base')}"
    found = ((line, text) for line, text in inline_code(page) if re.match(r"--(?:params|pipelines|tags|nodes) ", text))
    return tuple(Command(page, line, f"{run} {text}") for line, text in found if "…" not in text)


def inline_code(page: Path) -> Iterator[tuple[int, str]]:
    """Code in running text, with the line on which its paragraph begins."""
    for token in _tokens(page):
        for child in token.children or ():
            if child.type == "code_inline":
                yield (token.map[0] + 1 if token.map else 1), child.content


@cache
def _tokens(page: Path) -> tuple[Token, ...]:
    return tuple(MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8")))


def _words(text: str) -> list[str]:
    try:
        words = shlex.split(text, comments=True)
    except ValueError:
        return []
    while words and _ASSIGNMENT.match(words[0]):
        words.pop(0)
    return words
