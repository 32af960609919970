"""What docs/serving.md shows of the server's use from elsewhere works with a server as it is."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from documented import PROJECT, blocks, is_python
from fabricated_runs import YEARS
from served_runs import CELLS_RUN, Server

PAGE = PROJECT / "docs/serving.md"
ROOT = "http://127.0.0.1:8750/api/v1"


def test_the_snippet_asks_for_cells_and_classifies_a_picture(
    server: Server,
    tile: Callable[[int], bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The fabricated cells lie elsewhere and in other years than those of the default world, in a run of their own."""
    (snippet,) = (each for each in blocks(PAGE) if is_python(each))
    (tmp_path / "picture.png").write_bytes(tile(0))
    monkeypatch.chdir(tmp_path)
    own = snippet.text.replace(ROOT, server.url("").rstrip("/")).replace("-180,85,180,90", "-180,50,180,90")
    own = own.replace('"2023"', f'"{YEARS[-1]}"').replace('"virtual_arctic."', f'"{CELLS_RUN}"')

    exec(compile(own, str(snippet), "exec"), {})  # noqa: S102  # the page is ours

    _, answer = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"\S+ (?:None|[01]\.\d+)", answer)


def test_an_answer_that_is_shown_has_the_keys_of_one(server: Server, tile: Callable[[int], bytes]) -> None:
    (shown,) = (json.loads(each.text) for each in blocks(PAGE) if each.text.startswith('{"ice_type"'))
    answer = requests.post(server.url("classify"), files={"image": ("picture", tile(0))}, timeout=30).json()

    assert shown.keys() == answer.keys()
    for part in ("none_of_these", "image"):
        assert shown[part].keys() == answer[part].keys()


def test_addresses_that_are_shown_are_served(server: Server) -> None:
    served = requests.get(server.url("openapi.json"), timeout=30).json()["paths"]
    named = {
        address.split("?")[0] for address in re.findall(r"(?<=127\.0\.0\.1:8750)/api/v1/[\w/?]+", PAGE.read_text())
    }

    assert named >= {"/api/v1/classify", "/api/v1/predictions/7day"}
    assert named <= set(served)
