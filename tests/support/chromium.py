"""A headless Chromium of this system, driven by the DevTools protocol; nothing is downloaded."""

import base64
import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from websockets.sync.client import ClientConnection, connect

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
OPTIONS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
    "--remote-debugging-port=0",
)
PATIENCE_S: Final = 60.0
ALL_DRAWN: Final = "document.querySelector('.chart') && !document.querySelector('.chart:not([data-drawn])')"
"""Whether every chart of a report or a comparison is drawn."""


def chromium() -> str | None:
    """Path of the browser; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def is_left_out() -> bool:
    """Whether tests in a browser are skipped: there is none, and nobody asks for every test (``CI=true``)."""
    return chromium() is None and os.environ.get("CI") != "true"


class Tab:
    """A page: what it is told to do, and what it has asked of the network and said on its console."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._number = 0
        self.requests: list[str] = []
        self.errors: list[str] = []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method of the protocol; events that come in between are kept."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(PATIENCE_S))
            if message.get("id") == self._number:
                assert "error" not in message, f"{method}: {message['error']}"
                return message["result"]
            self._keep(message)

    def _keep(self, message: dict[str, Any]) -> None:
        parameters = message.get("params", {})
        match message.get("method"):
            case "Network.requestWillBeSent":
                self.requests.append(parameters["request"]["url"])
            case "Network.webSocketCreated":
                self.requests.append(parameters["url"])
            case "Runtime.exceptionThrown":
                details = parameters["exceptionDetails"]
                self.errors.append(details.get("exception", {}).get("description", details["text"]))
            case "Runtime.consoleAPICalled" if parameters["type"] == "error":
                self.errors.append(" ".join(str(item.get("value", item)) for item in parameters["args"]))
            case "Log.entryAdded" if parameters["entry"]["level"] == "error":
                self.errors.append(f"{parameters['entry']['text']} {parameters['entry'].get('url', '')}")

    def open(self, address: str, width_px: int = 1400, height_px: int = 1000) -> None:
        """Go to an address, in a window of a size."""
        self.resize(width_px, height_px)
        for target in ("about:blank", address):
            self.send("Page.navigate", url=target)
            self.wait(f"location.href.startsWith('{target}')")

    def resize(self, width_px: int, height_px: int) -> None:
        """Give the window another size; one as narrow as a telephone's is taken for one."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width_px,
            height=height_px,
            deviceScaleFactor=1,
            mobile=width_px < 600,
        )

    def value(self, expression: str) -> Any:
        """The value of a JavaScript expression; promises are waited for."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait(self, expression: str, patience_s: float = PATIENCE_S) -> None:
        """Wait until an expression is truthy; one that cannot be evaluated yet is not."""
        end_s = time.monotonic() + patience_s
        while time.monotonic() < end_s:
            if self.value(f"(() => {{ try {{ return Boolean({expression}) }} catch {{ return false }} }})()"):
                return
            time.sleep(0.05)
        raise TimeoutError(expression)

    def mouse(self, kind: str, x: float, y: float, **more: Any) -> None:
        """An event of the mouse: ``mouseMoved``, ``mousePressed`` or ``mouseReleased``."""
        self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def move(self, x: float, y: float) -> None:
        """Bring the pointer to a place, by way of its neighbour."""
        self.mouse("mouseMoved", x - 1, y)
        self.mouse("mouseMoved", x, y)

    def click(self, x: float, y: float) -> None:
        """Press and release where the pointer is brought to."""
        self.move(x, y)
        self.mouse("mousePressed", x, y, button="left", buttons=1, clickCount=1)
        self.mouse("mouseReleased", x, y, button="left", clickCount=1)

    def drag(self, begin: tuple[float, float], end: tuple[float, float], n_steps: int = 8) -> None:
        """Drag from one place to another."""
        self.move(*begin)
        self.mouse("mousePressed", *begin, button="left", buttons=1, clickCount=1)
        for step in range(1, n_steps + 1):
            x, y = (a + (b - a) * step / n_steps for a, b in zip(begin, end, strict=True))
            self.mouse("mouseMoved", x, y, button="left", buttons=1)
        self.mouse("mouseReleased", *end, button="left", clickCount=1)

    def picture(self, path: Path) -> Path:
        """What the window shows, as a PNG file."""
        path.write_bytes(base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"]))
        return path

    def download_to(self, folder: Path) -> None:
        """Keep downloads in a folder, without asking."""
        self.send("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))

    def foreign_requests(self, own: str) -> list[str]:
        """What was asked of any host but one's own."""
        is_own = (own, own.replace("http", "ws", 1), "data:", "blob:", "about:")
        return [url for url in self.requests if not url.startswith(is_own)]


@contextmanager
def tab(profile: Path) -> Iterator[Tab]:
    """A tab of a browser of its own, which ends with it."""
    browser = chromium()
    assert browser is not None, "there is no Chromium; tests/support/browser.sh installs it, as root"
    with (profile / "browser.log").open("wb") as log:
        command = [browser, *OPTIONS, f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(command, stderr=log, stdout=log)
    try:
        with connect(_address_of_a_tab(profile), max_size=None) as socket:
            yield Tab(socket)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _address_of_a_tab(profile: Path) -> str:
    port_file, end_s = profile / "DevToolsActivePort", time.monotonic() + PATIENCE_S
    while not port_file.exists() or len(port_file.read_text().split()) < 2:
        assert time.monotonic() < end_s, (profile / "browser.log").read_text()
        time.sleep(0.05)
    port = port_file.read_text().split()[0]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
        tabs = json.load(answer)
    return str(next(one["webSocketDebuggerUrl"] for one in tabs if one["type"] == "page"))
