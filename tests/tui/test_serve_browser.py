"""The room in a real browser: its policy, its window, and fingers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from itgov.tui.serve import RoomServer
from itgov.tui.served import Served

from ..support.browser import CHROMIUM, in_chromium
from .conftest import AS_OF

pytestmark = pytest.mark.slow

BROWSER = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
    "--remote-debugging-port=0", "--window-size=1200,800", "about:blank",
]  # fmt: skip
_SENT = """
window.sent = [];
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (text) { window.sent.push(text); return send.call(this, text); };
"""


class Browser:
    """One page of Chromium, told what to do."""

    def __init__(self, page: aiohttp.ClientWebSocketResponse) -> None:
        self.page = page
        self._calls = 0

    async def call(self, method: str, **parameters: Any) -> Any:
        self._calls += 1
        await self.page.send_json({"id": self._calls, "method": method, "params": parameters})
        while True:
            answer = await self.page.receive_json()
            if answer.get("id") == self._calls:
                return answer.get("result", answer)

    async def told(self, expression: str) -> Any:
        found = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return found["result"].get("value")

    async def until(self, expression: str) -> None:
        while not await self.told(expression):
            await asyncio.sleep(0.1)

    async def press(self, key: str) -> None:
        code = {"key": key, "text": key, "windowsVirtualKeyCode": ord(key.upper())}
        for kind in ("keyDown", "keyUp"):
            await self.call("Input.dispatchKeyEvent", type=kind, **code)

    async def open(self, address: str, size: tuple[int, int], *, touch: bool = False) -> None:
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=size[0], height=size[1], deviceScaleFactor=1, mobile=touch,
        )  # fmt: skip
        if touch:
            await self.call("Emulation.setTouchEmulationEnabled", enabled=True)
        await self.call("Page.enable")
        await self.call("Page.addScriptToEvaluateOnNewDocument", source=_SENT)
        await self.call("Page.navigate", url=address)
        await self.until("document.body && document.body.classList.contains('-first-byte')")


def in_browser(
    tmp_path: Path, server: RoomServer, act: Callable[[Browser], Awaitable[None]]
) -> None:
    """Start a server and a browser, and act in it."""

    async def go() -> None:
        profile = tmp_path / "profile"
        runner = await server.start(0)
        browser = await asyncio.create_subprocess_exec(
            CHROMIUM, *BROWSER, f"--user-data-dir={profile}",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(300), aiohttp.ClientSession() as session:
                port = profile / "DevToolsActivePort"
                while not port.exists() or not port.read_text().strip():
                    await asyncio.sleep(0.1)
                base = f"http://127.0.0.1:{port.read_text().splitlines()[0]}"
                pages: list[dict[str, str]] = []
                while not pages:
                    async with session.get(f"{base}/json") as answer:
                        pages = [p for p in await answer.json() if p["type"] == "page"]
                async with session.ws_connect(
                    pages[0]["webSocketDebuggerUrl"], max_msg_size=0
                ) as page:
                    await act(Browser(page))
        finally:
            browser.terminate()
            await browser.wait()
            while server.rooms:
                await asyncio.sleep(0.05)
            await runner.cleanup()

    asyncio.run(go())


@in_chromium
def test_a_browser_shows_the_room_under_the_strict_policy(tmp_path: Path, sample: Path) -> None:
    server = RoomServer(Served(str(sample), AS_OF), once=True)

    async def act(browser: Browser) -> None:
        await browser.open(server.address, (1200, 800))
        assert await browser.told("document.querySelectorAll('canvas').length") > 0
        assert await browser.told("document.body.classList.contains('-closed')") is False
        await browser.until("document.activeElement.className.includes('xterm-helper-textarea')")
        await browser.press("q")  # without a click, and the room is left
        await browser.until("document.body.classList.contains('-closed')")

    in_browser(tmp_path, server, act)


class SlowFonts(RoomServer):
    """A server on a slow line: the font comes long after all else."""

    @web.middleware
    async def _lock(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if "/fonts/" in request.path:
            await asyncio.sleep(1)
        return await super()._lock(request, handler)


_SCREEN = "document.querySelector('.xterm-screen').getBoundingClientRect()"


@in_chromium
@pytest.mark.parametrize("size", [(700, 500), (390, 844), (844, 390), (1000, 333), (1920, 1080)])
def test_the_terminal_is_never_larger_than_its_window(
    tmp_path: Path, sample: Path, size: tuple[int, int]
) -> None:
    server = SlowFonts(Served(str(sample), AS_OF))

    async def act(browser: Browser) -> None:
        await browser.open(server.address, size)
        await browser.until("window.sent.some((text) => text.includes('resize'))")
        await browser.told("document.fonts.ready.then(() => true)")
        await asyncio.sleep(1)  # the frame in which it is measured again
        assert await browser.told("document.fonts.check('16px \"Roboto Mono\"')")
        for edge, most in (("bottom", size[1]), ("right", size[0])):
            assert await browser.told(f"{_SCREEN}.{edge}") <= most
        told = json.loads(
            await browser.told("window.sent.filter((t) => t.includes('resize')).at(-1)")
        )
        rows, columns = told[1]["height"], told[1]["width"]
        high = await browser.told(f"{_SCREEN}.height")
        assert size[1] - high < 2 * high / rows  # and no line that would fit is missing
        assert columns >= min(80, 59)

    in_browser(tmp_path, server, act)


@in_chromium
def test_a_finger_scrolls_and_a_keyboard_on_the_screen_leaves_the_last_line(
    tmp_path: Path, sample: Path
) -> None:
    server = RoomServer(Served(str(sample), AS_OF))

    async def act(browser: Browser) -> None:
        await browser.open(server.address, (390, 844), touch=True)
        await browser.until(f"{_SCREEN}.height > 800")
        await asyncio.sleep(3)  # the room asks for the mouse when it has begun
        for kind, y in (
            ("touchStart", 600),
            ("touchMove", 560),
            ("touchMove", 500),
            ("touchEnd", 0),
        ):
            points = [] if kind == "touchEnd" else [{"x": 100, "y": y}]
            await browser.call("Input.dispatchTouchEvent", type=kind, touchPoints=points)
        await browser.until("window.sent.some((text) => text.includes('[<65;'))")  # the wheel, down
        await browser.call(
            "Emulation.setDeviceMetricsOverride",
            width=390, height=450, deviceScaleFactor=1, mobile=True,
        )  # fmt: skip
        await browser.until(f"{_SCREEN}.bottom <= 450")

    in_browser(tmp_path, server, act)
