"""Many requests at once, and new models while they come."""

import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, local

import requests
import served_runs
from served_runs import Trained, serving

N_CLIENTS, N_RELOADS = 12, 4


def test_no_request_is_lost_while_models_are_replaced_and_each_answer_is_of_one(
    own_root: Path, trained: Trained, tile
) -> None:
    ended, own, answers = Event(), local(), []

    def client(number: int) -> None:
        own.session = requests.Session()
        while not ended.is_set():
            response = own.session.post(server.url("classify"), files={"image": tile(number)}, timeout=30)
            answers.append((number, response))

    with serving(own_root) as server, ThreadPoolExecutor(N_CLIENTS) as clients:
        try:
            for number in range(N_CLIENTS):
                clients.submit(client, number)
            for reload in range(1, N_RELOADS + 1):
                before = len({one.json()["version"] for _, one in list(answers)})
                served_runs.publish(own_root, trained, slope=0.5 * reload)
                end_s = time.monotonic() + 20
                while len({one.json()["version"] for _, one in list(answers)[-200:]} - {None}) and (
                    len({one.json()["version"] for _, one in list(answers)}) <= max(before, 1)
                ):
                    assert time.monotonic() < end_s, "a new model was not taken up"
                    time.sleep(0.02)
        finally:
            ended.set()

    assert {response.status_code for _, response in answers} == {200}
    said: dict[tuple[int, str], set[str]] = defaultdict(set)
    for number, response in answers:
        said[number, response.json()["version"]].add(response.text)
    assert all(len(texts) == 1 for texts in said.values())
    assert len({version for _, version in said}) == N_RELOADS + 1
