"""A command in a terminal, and what stands on its screen in the end."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from pathlib import Path

N_ROWS, N_COLUMNS = 50, 80

_TOKEN = re.compile(r"\x1b\[(?P<number>[\d;?]*)(?P<code>[A-Za-z])|(?P<character>[\s\S])")


def run_in_terminal(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Exit status, and everything that the command has written to a terminal of 50 rows and 80 columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", N_ROWS, N_COLUMNS, 0, 0))
    process = subprocess.Popen(command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    written = b""
    while block := _read(ours):
        written += block
    os.close(ours)
    return process.wait(), written.decode()


def lines_left(written: str) -> list[str]:
    """The lines of the screen and of all that has scrolled off it, long ones broken as a terminal does."""
    lines, row, column = [""], 0, 0
    for match in _TOKEN.finditer(written):
        character, code = match["character"], match["code"]
        if code == "A":
            row = max(0, row - int(match["number"] or 1))
        elif code == "K":
            lines[row] = ""
        elif character == "\r":
            column = 0
        elif character == "\n" or (character and column == N_COLUMNS):
            row, column = row + 1, 0 if character != "\n" else column
            lines += [""] * (row + 1 - len(lines))
        if character and character not in "\r\n":
            lines[row] = lines[row][:column].ljust(column) + character + lines[row][column + 1 :]
            column += 1
    return lines


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # the other side is closed
        return b""
