"""What a server does when it is asked too much at once, too slowly, or for too much."""

import io
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import numpy as np
import pytest
import requests
from PIL import Image as Pillow
from served_runs import CELLS_RUN, Server, serving

from entropice.serve import telling
from entropice.serve.limits import Limits

LIMITS = Limits(
    max_upload_bytes=50_000,
    max_pixels=10_000,
    timeout_s=4.0,
    n_threads=1,
    queue_length=2,
    max_features=5,
    max_values=99,
)


@pytest.fixture(scope="module")
def small(root: Path) -> Iterator[Server]:
    with serving(root, LIMITS) as server:
        yield server


def upload(server: Server, content: bytes) -> requests.Response:
    return requests.post(server.url("classify"), files={"image": content}, timeout=30)


def picture(edge_px: int) -> bytes:
    file = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (edge_px, edge_px, 3), dtype=np.uint8)
    Pillow.fromarray(noise).save(file, "BMP")
    return file.getvalue()


def test_a_body_that_says_it_is_too_large_is_refused(small: Server) -> None:
    response = upload(small, bytes(60_000))

    assert response.status_code == 413
    assert response.json()["error"]["expected"] == "at most 50000 bytes"


@pytest.mark.parametrize("n_chunks", [8, 400])
def test_a_body_that_does_not_say_its_size_is_counted_while_it_arrives(small: Server, n_chunks: int) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'

    def chunks() -> Iterator[bytes]:
        yield head
        for _ in range(n_chunks):
            yield bytes(10_000)

    headers = {"content-type": "multipart/form-data; boundary=x"}
    try:
        response = requests.post(small.url("classify"), data=chunks(), headers=headers, timeout=30)
    except requests.ConnectionError:
        # beyond four times the limit the server does not read on, and a client that does not listen hears nothing
        assert n_chunks == 400
    else:
        assert response.status_code == 413


def test_an_image_of_too_many_pixels_is_refused(small: Server) -> None:
    assert upload(small, picture(101)).json()["error"]["expected"] == "at most 10000 pixels"
    assert upload(small, picture(100)).status_code == 200


def test_a_body_that_comes_too_slowly_is_refused(small: Server) -> None:
    where = urlsplit(small.address)
    with socket.create_connection((where.hostname, where.port)) as connection:
        connection.settimeout(60)
        connection.sendall(
            b"POST /api/v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
        )
        answer = connection.recv(4000)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"The body did not arrive in time." in answer


def test_beyond_the_queue_requests_are_told_to_come_again(small: Server, monkeypatch, tile) -> None:
    goes_on, said = Event(), telling.classified

    def waiting(*arguments: object) -> object:
        goes_on.wait(60)
        return said(*arguments)

    monkeypatch.setattr("entropice.serve.routes.classified", waiting)
    with ThreadPoolExecutor(10) as clients:
        asked = [clients.submit(upload, small, tile(0)) for _ in range(3)]
        end_s = time.monotonic() + 60
        while requests.get(small.url("health"), timeout=30).json()["n_open"] < 3:
            assert time.monotonic() < end_s
        refused = upload(small, tile(0))
        late = [future.result() for future in asked]
        goes_on.set()

    assert refused.status_code == 503
    assert int(refused.headers["retry-after"]) > 0
    assert refused.json()["error"]["what"] == "The queue is full."
    assert [response.status_code for response in late] == [503] * 3
    assert {response.json()["error"]["what"] for response in late} == {"The answer takes too long."}
    while requests.get(small.url("health"), timeout=30).json()["n_open"]:
        assert time.monotonic() < end_s
    assert upload(small, tile(0)).status_code == 200


def test_too_many_features_and_values_are_refused(small: Server) -> None:
    text = requests.get(small.url(f"runs/{CELLS_RUN}/layers/cells.geojson"), timeout=30)
    week = requests.get(small.url("predictions/7day?min_lon=0&min_lat=70&max_lon=90&max_lat=90"), timeout=30)

    assert (text.status_code, week.status_code) == (422, 422)
    assert text.json()["error"]["fix"] == "ask for the same layer as .parquet"
    assert requests.get(small.url(f"runs/{CELLS_RUN}/layers/cells.parquet"), timeout=30).status_code == 200
