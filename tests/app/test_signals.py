"""A run that is asked to stop ends in order."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from entropice.app.signals import ADVICE, stops_with_advice

N_STOPS = 500
STOPPED_WHILE_CLIPPING = f"""
import os, signal
import numpy as np
from affine import Affine
from shapely import box
from entropice.app.signals import stops_with_advice
from entropice.zonal.coverage import cell_coverage

cells = np.array([box(0.5, 0.5, 7.5, 7.5)])
transform = Affine(1.0, 0.0, 0.0, 0.0, -1.0, 8.0)
cell_coverage(cells, transform, (8, 8))
random = np.random.default_rng(1)
signal.signal(signal.SIGTERM, lambda *_: None)
signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
for after_s in random.uniform(1e-6, 3e-4, {N_STOPS}):
    try:
        with stops_with_advice():
            signal.setitimer(signal.ITIMER_REAL, after_s, 0.5)
            while True:
                cell_coverage(cells, transform, (8, 8))
    except SystemExit as stopped:
        signal.setitimer(signal.ITIMER_REAL, 0)
        assert stopped.code == 143
"""


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["INT", "TERM"])
def test_what_is_open_is_closed_before_the_advice(
    number: signal.Signals, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    is_closed = False
    with pytest.raises(SystemExit) as caught, stops_with_advice():
        try:
            os.kill(os.getpid(), number)
            threading.Event().wait(10)
        finally:
            is_closed = ADVICE not in capsys.readouterr().err

    assert is_closed
    assert caught.value.code == status
    assert ADVICE in capsys.readouterr().err


def test_a_run_in_the_background_of_a_shell_goes_on_after_ctrl_c() -> None:
    inherited = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stops_with_advice():
            os.kill(os.getpid(), signal.SIGINT)
            assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, inherited)


def test_the_former_answer_to_a_signal_is_given_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stops_with_advice():
        assert signal.getsignal(signal.SIGTERM) != before

    assert signal.getsignal(signal.SIGTERM) == before


def test_a_run_in_another_thread_leaves_signals_alone() -> None:
    answers = []

    def run() -> None:
        with stops_with_advice():
            answers.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()

    assert answers == [signal.getsignal(signal.SIGTERM)]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="signals by a timer: POSIX")
def test_a_signal_while_compiled_loops_hand_over_their_results_stops_the_run_in_order() -> None:
    result = subprocess.run([sys.executable, "-c", STOPPED_WHILE_CLIPPING], capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr[-3000:]
    assert result.stderr.count(ADVICE) == N_STOPS
