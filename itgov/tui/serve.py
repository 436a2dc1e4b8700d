"""The review room in a browser on this machine: textual-serve, with a lock on its door.

Whoever reaches the room can edit the portfolio, so the address holds a token that cannot be
guessed; a page of another site that guesses the port gets nothing.  The server listens on the
loopback address only.  An address that works once belongs to the browser that opened it first.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import secrets
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
from aiohttp import WSMsgType, web
from textual_serve import server as textual_server
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from itgov.tui.served import Served

HOST = "127.0.0.1"
MOST = 8
"""Rooms open at a time: each is a process with a portfolio in memory."""
_STATICS = Path(textual_server.__file__).parent / "static"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>itgov</title>
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<link rel="stylesheet" href="static/css/xterm.css">
<link rel="stylesheet" href="room.css">
<script src="static/js/textual.js"></script>
<script src="room.js" defer></script>
</head>
<body>
<div class="font" aria-hidden="true">room</div>
<div id="terminal" class="textual-terminal" data-session-websocket-url="{socket}" data-font-size="{size}"{chosen}></div>
<div class="closed-dialog"><p>The room was closed, or its server has stopped. <a href="">Open it again</a></p></div>
</body>
</html>
"""
_STYLE = """\
@font-face { font-family: "Roboto Mono"; src: url("static/fonts/RobotoMono-VariableFont_wght.ttf"); }
html, body { margin: 0; height: 100%; overflow: hidden; background: #0f141b; }
.textual-terminal { position: absolute; top: 0; left: 0; width: 100%; height: 100%; overflow: hidden; touch-action: none; }
.font { position: absolute; visibility: hidden; font-family: "Roboto Mono"; }
.closed-dialog { display: none; position: absolute; inset: 0; z-index: 10; align-items: center;
  justify-content: center; background: #0f141b; color: #e3e9f1; font: 16px/1.5 sans-serif; }
.closed-dialog a { color: #7cc0ff; }
body.-closed .closed-dialog { display: flex; }
"""
# The keys go to the room from the first one on: nobody should have to reach for the mouse.  The
# terminal is as high as what can be seen of the window, above a keyboard on the screen too, and is
# measured again once its font is there.  In a narrow window letters are smaller, so that 80 columns
# fit, down to a size that can be read; a finger scrolls as a wheel does.
_SCRIPT = """\
const box = document.getElementById("terminal");
const COLUMNS = 80, WIDTH = 0.61, SMALLEST = 11;
if (!box.hasAttribute("data-chosen")) {
  const fitting = Math.floor(window.innerWidth / COLUMNS / WIDTH);
  box.dataset.fontSize = Math.max(SMALLEST, Math.min(fitting, Number(box.dataset.fontSize)));
}
const focus = () => {
  const keys = document.querySelector(".xterm-helper-textarea");
  if (keys) keys.focus();
  return keys !== null;
};
const seek = setInterval(() => { if (focus()) { clearInterval(seek); fit(); } }, 50);
window.addEventListener("focus", focus);
const view = window.visualViewport;
const fit = () => {
  const high = Math.floor(view ? view.height : window.innerHeight);
  box.style.height = `${high}px`;
  window.dispatchEvent(new Event("resize"));
  requestAnimationFrame(() => {
    const screen = document.querySelector(".xterm-screen");
    const over = screen ? Math.ceil(screen.getBoundingClientRect().bottom) - high : 0;
    if (over > 0) {
      box.style.height = `${high - over}px`;
      window.dispatchEvent(new Event("resize"));
    }
  });
};
if (view) view.addEventListener("resize", fit);
document.fonts.ready.then(fit);
let touched = 0;
box.addEventListener("touchstart", (event) => { touched = event.touches[0].clientY; }, { passive: true });
box.addEventListener("touchmove", (event) => {
  const { clientX, clientY } = event.touches[0];
  const screen = document.querySelector(".xterm-screen");
  if (screen && Math.abs(touched - clientY) >= 20) {
    const deltaY = touched - clientY;
    screen.dispatchEvent(new WheelEvent("wheel", { deltaY, clientX, clientY, bubbles: true, cancelable: true }));
    touched = clientY;
  }
}, { passive: true });
"""
_COOKIE = "itgov"


class RoomProcess(AppService):
    """One room, started without a shell."""

    def __init__(
        self,
        arguments: list[str],
        *,
        write_bytes: Callable[[bytes], Awaitable[None]],
        write_str: Callable[[str], Awaitable[None]],
        close: Callable[[], Awaitable[None]],
        download_manager: DownloadManager,
    ) -> None:
        super().__init__(
            arguments[0],
            write_bytes=write_bytes,
            write_str=write_str,
            close=close,
            download_manager=download_manager,
        )
        self.arguments = arguments

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """Start the room as a list of arguments: a path is never read by a shell."""
        environment = self._build_environment(width=width, height=height)
        for name in ("TEXTUAL", "TEXTUAL_LOG", "NO_COLOR"):
            environment.pop(name, None)
        self._process = process = await asyncio.create_subprocess_exec(
            *self.arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment
        )
        self._stdin = process.stdin
        return process

    async def stop(self) -> None:
        """Ask the room to end, and see that its process does."""
        process = self._process
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(3):
                await super().stop()
        if process is None:
            return
        self._process = None
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(3):
                await process.communicate()
        except TimeoutError:
            process.kill()
            await process.communicate()


class RoomServer:
    """Serves rooms under an address with a token.

    With `once` the address belongs to the browser that opens it first, which gets a cookie: from any
    other, nothing more is answered.
    """

    def __init__(self, served: Served, token: str | None = None, *, once: bool = False) -> None:
        self.served = served
        self.token = token or secrets.token_urlsafe(32)
        self.once = once
        self._owner: str | None = None
        """The cookie of the browser that opened the address; None before one has."""
        self.port = 0
        self.rooms = 0
        """Rooms whose process has not ended."""
        self._downloads = DownloadManager()

    @property
    def arguments(self) -> list[str]:
        """What is run for each page."""
        told = msgspec.json.encode(self.served).decode()
        return [sys.executable, "-P", "-m", "itgov.tui.served", told]

    @property
    def address(self) -> str:
        """Where the room is, token and all."""
        return f"http://{HOST}:{self.port}/{self.token}/"

    def app(self) -> web.Application:
        """Return the web application, every door of it behind the same lock."""
        app = web.Application(middlewares=[self._lock])
        inside = f"/{self.token}"
        app.add_routes(
            [
                web.get(f"{inside}/", self._page),
                web.get(f"{inside}/room.css", self._style),
                web.get(f"{inside}/room.js", self._script),
                web.get(f"{inside}/ws", self._socket),
                web.static(f"{inside}/static", _STATICS),
            ]
        )
        return app

    async def start(self, port: int) -> web.AppRunner:
        """Listen on a port, a free one where it is 0.  Raises `OSError` where that cannot be."""
        runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, HOST, port)
        try:
            await site.start()
        except OSError:
            await runner.cleanup()
            raise
        self.port = runner.addresses[0][1]
        return runner

    # -- the lock ------------------------------------------------------------------------------

    def refusal(self, request: web.BaseRequest) -> str | None:
        """Say why a request is refused, or None."""
        hosts = {f"{HOST}:{self.port}", f"localhost:{self.port}"}
        if request.headers.get("Host", "") not in hosts:
            return "this host name does not lead here"  # a name made to point at this machine
        origin = request.headers.get("Origin")
        if origin is not None and origin not in {f"http://{host}" for host in hosts}:
            return "another site may not open the room"
        given = request.raw_path.split("?")[0].split("/")
        token = given[1] if len(given) > 1 else ""
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            return "the address has no token: use the one that `itgov serve` printed"
        if self._owner is not None:
            kept = request.cookies.get(_COOKIE, "")
            if not hmac.compare_digest(kept.encode(), self._owner.encode()):
                return (
                    "this address was opened already; start `itgov serve --once` again for another"
                )
        return None

    @web.middleware
    async def _lock(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        refused = self.refusal(request)
        if refused is not None:
            return web.Response(status=403, text=f"403: {refused}\n", headers=_HEADERS)
        response = await handler(request)
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    # -- what is served ------------------------------------------------------------------------

    async def _page(self, request: web.Request) -> web.Response:
        asked = request.query.get("fontsize", "")
        size = min(max(int(asked), 6), 64) if asked.isascii() and asked.isdigit() else 16
        socket = f"ws://{request.headers['Host']}/{self.token}/ws"
        chosen = " data-chosen" if asked else ""
        text = _PAGE.format(socket=socket, size=size, chosen=chosen)
        page = web.Response(text=text, content_type="text/html", charset="utf-8")
        if self.once and self._owner is None and request.method == "GET":
            self._owner = secrets.token_urlsafe(32)
            page.set_cookie(
                _COOKIE, self._owner, path=f"/{self.token}/", httponly=True, samesite="Strict"
            )
        return page

    async def _style(self, request: web.Request) -> web.Response:
        return web.Response(text=_STYLE, content_type="text/css")

    async def _script(self, request: web.Request) -> web.Response:
        return web.Response(text=_SCRIPT, content_type="text/javascript")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if self.rooms >= MOST:
            return web.Response(status=503, text=f"{MOST} rooms are open already; close one\n")
        socket = web.WebSocketResponse(heartbeat=15, max_msg_size=1_000_000)
        await socket.prepare(request)
        self.rooms += 1
        room = RoomProcess(
            self.arguments,
            write_bytes=socket.send_bytes,
            write_str=socket.send_str,
            close=socket.close,  # type: ignore[arg-type]  # whether it was open is of no interest
            download_manager=self._downloads,
        )
        try:
            await room.start(_size(request, "width", 80), _size(request, "height", 24))
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await _pass_on(message.data, room, socket)
        finally:
            try:
                await room.stop()
            finally:
                self.rooms -= 1
        return socket


class _Resize(msgspec.Struct):
    width: int
    height: int


async def _pass_on(text: str, room: AppService, socket: web.WebSocketResponse) -> None:
    """Give the room what the browser sent; what is no message of ours is left out."""
    try:
        kind, *rest = msgspec.json.decode(text, type=list[object])
        match kind:
            case "stdin":
                await room.send_bytes(msgspec.convert(rest[0], str).encode("utf-8", "replace"))
            case "resize":
                size = msgspec.convert(rest[0], _Resize)
                await room.set_terminal_size(_bounded(size.width), _bounded(size.height))
            case "ping":
                await socket.send_json(["pong", rest[0]])
            case "blur":
                await room.blur()
            case "focus":
                await room.focus()
    except (msgspec.DecodeError, msgspec.ValidationError, ValueError, IndexError, RecursionError):
        return


def _size(request: web.Request, name: str, otherwise: int) -> int:
    asked = request.query.get(name, "")
    return _bounded(int(asked)) if asked.isascii() and asked.isdigit() else otherwise


def _bounded(columns: int) -> int:
    return min(max(columns, 1), 1000)


def serve(
    served: Served, port: int, announce: Callable[[str], None], *, once: bool = False
) -> None:
    """Serve rooms until interrupted; `announce` is given the address, which works `once` on request."""

    async def run() -> None:
        server = RoomServer(served, once=once)
        runner = await server.start(port)
        ended = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows: ctrl+c raises, as ever
                asyncio.get_running_loop().add_signal_handler(number, ended.set)
        announce(server.address)
        try:
            await ended.wait()
        finally:
            await runner.cleanup()

    asyncio.run(run())
