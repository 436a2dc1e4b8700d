"""The room in a browser: behind a token, for this machine alone, and the same room."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from itgov.cli.main import main
from itgov.tui.serve import RoomServer
from itgov.tui.served import Served

from .conftest import AS_OF

pytestmark = pytest.mark.slow

Act = Callable[[RoomServer, aiohttp.ClientSession], Awaitable[Any]]


def serving(act: Act, served: Served | None = None) -> Any:
    async def go() -> Any:
        server = RoomServer(served or Served())
        runner = await server.start(0)
        try:
            async with aiohttp.ClientSession() as session:
                return await act(server, session)
        finally:
            await runner.cleanup()

    return asyncio.run(go())


async def until(socket: aiohttp.ClientWebSocketResponse, wanted: str, limit: float = 300) -> str:
    """Return what was sent until a text is on the screen."""
    text = ""
    async with asyncio.timeout(limit):  # ends a test that would wait for ever
        while wanted not in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text):
            message = await socket.receive()
            assert message.type is aiohttp.WSMsgType.BINARY, message
            text += message.data.decode()
    return text


@pytest.mark.parametrize("place", ["", "ws", "room.css", "static/js/textual.js"])
def test_without_its_token_nothing_is_there(place: str) -> None:
    async def act(server: RoomServer, session: aiohttp.ClientSession) -> None:
        base = f"http://127.0.0.1:{server.port}"
        wrong = ("", "x", server.token[:-1], server.token + "x", "static")
        for token in wrong:
            async with session.get(f"{base}/{token}/{place}") as answer:
                assert answer.status == 403, token
                assert server.token not in await answer.text()
        async with session.get(f"{base}/") as answer:
            assert answer.status == 403

    serving(act)


def test_a_socket_without_its_token_is_not_opened() -> None:
    async def act(server: RoomServer, session: aiohttp.ClientSession) -> None:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(f"ws://127.0.0.1:{server.port}/ws")
        assert refused.value.status == 403

    serving(act)


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:PORT"},
        {"Host": "127.0.0.1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://127.0.0.1:PORT"},
    ],
    ids=str,
)
def test_another_site_gets_nothing_even_with_the_token(headers: dict[str, str]) -> None:
    async def act(server: RoomServer, session: aiohttp.ClientSession) -> None:
        given = {k: v.replace("PORT", str(server.port)) for k, v in headers.items()}
        async with session.get(server.address, headers=given) as answer:
            assert answer.status == 403
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(server.address + "ws", headers=given)

    serving(act)


def test_the_page_names_no_other_host_and_may_load_from_none() -> None:
    async def act(server: RoomServer, session: aiohttp.ClientSession) -> None:
        async with session.get(server.address) as answer:
            assert answer.status == 200
            text = await answer.text()
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        hosts = set(re.findall(r"(?:https?|wss?)://([^/\"']+)", text))
        assert hosts == {f"127.0.0.1:{server.port}"}
        for place in re.findall(r'(?:src|href)="([^"]+)"', text):
            async with session.get(server.address + place) as answer:
                assert answer.status == 200, place
        async with session.get(server.address + "static/../../server.py") as answer:
            assert answer.status in (403, 404)

    serving(act)


def test_tokens_are_long_and_never_the_same() -> None:
    tokens = {RoomServer(Served()).token for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(token) >= 43 for token in tokens)


def test_a_path_is_never_read_by_a_shell(tmp_path: Path, sample: Path) -> None:
    strange = tmp_path / "$(touch pwned) `touch pwned`; touch pwned '\" &"
    sample.rename(strange)

    async def act(server: RoomServer, session: aiohttp.ClientSession) -> str:
        async with session.ws_connect(server.address + "ws?width=120&height=40") as socket:
            return await until(socket, "Northwind Mutual")

    serving(act, Served(str(strange), AS_OF))
    assert not list(tmp_path.rglob("pwned"))
    assert not Path("pwned").exists()


def test_keys_reach_the_room_and_what_is_no_message_does_not_hurt(sample: Path) -> None:
    async def act(server: RoomServer, session: aiohttp.ClientSession) -> None:
        async with session.ws_connect(server.address + "ws?width=120&height=40") as socket:
            await until(socket, "Northwind Mutual")
            for junk in ("", "x", "{}", "[]", '["stdin"]', '["stdin", 3]', '["resize", {}]', '["resize", {"width": -1, "height": 1e9}]', "[" * 400_000, '["ping", ' + "[" * 2_000 + "]" * 2_001):  # fmt: skip
                await socket.send_str(junk)
            await socket.send_str(json.dumps(["resize", {"width": 120, "height": 40}]))
            await socket.send_str(json.dumps(["stdin", "?"]))
            await until(socket, "type to filter")

    serving(act, Served(str(sample), AS_OF))


def test_read_only_says_so_where_something_would_be_changed(sample: Path) -> None:
    async def act(server: RoomServer, session: aiohttp.ClientSession) -> None:
        async with session.ws_connect(server.address + "ws?width=120&height=40") as socket:
            await until(socket, "Northwind Mutual")
            await socket.send_str(json.dumps(["stdin", "o"]))
            await until(socket, "the room was opened read-only")

    serving(act, Served(str(sample), AS_OF, read_only=True))


def test_an_editor_is_refused_in_a_browser(sample: Path) -> None:
    async def act(server: RoomServer, session: aiohttp.ClientSession) -> None:
        async with session.ws_connect(server.address + "ws?width=120&height=40") as socket:
            await until(socket, "Northwind Mutual")
            await socket.send_str(json.dumps(["stdin", "e"]))
            await until(socket, "not available in a browser")

    serving(act, Served(str(sample), AS_OF))


# -- the verb ----------------------------------------------------------------------------------


def test_it_prints_the_address_and_ends_by_a_signal(sample: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "itgov", "serve", str(sample)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        address = process.stdout.readline()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{43}/\n", address)
        process.send_signal(signal.SIGTERM)
        assert process.wait(300) == 0
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are listed in /proc")
def test_a_room_ends_where_its_server_is_killed(sample: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "itgov", "serve", str(sample)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None

    def is_running(pid: str) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except FileNotFoundError:
            return False

    async def act(address: str) -> None:
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{address}ws") as page,
        ):
            await until(page, "Portfolio")
            (room,) = children.read_text().split()
            server.kill()
            async with asyncio.timeout(300):  # ends a test that would wait for ever
                while is_running(room):
                    await asyncio.sleep(0.05)

    try:
        asyncio.run(act(server.stdout.readline().strip()))
    finally:
        server.kill()
        server.communicate()


def test_a_port_in_use_is_said(sample: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async def act(server: RoomServer, session: aiohttp.ClientSession) -> int:
        return await asyncio.to_thread(
            lambda: (
                subprocess.run(
                    [
                        sys.executable,
                        "-m",
                        "itgov",
                        "serve",
                        str(sample),
                        "--port",
                        str(server.port),
                    ],
                    check=False,
                ).returncode
            )
        )

    assert serving(act) == 2
    assert "use --port 0 for a free one" in capfd.readouterr().err


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["serve"]) == 2
    assert "pip install 'itgov[serve]'" in capfd.readouterr().err


@pytest.mark.parametrize("arguments", [["--port", "x"], ["--port", "70000"], ["/no/such/place"]])
def test_what_cannot_be_served_is_said(
    arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *arguments]) == 2
    assert capfd.readouterr().err.startswith("itgov")


# -- an address that works once -----------------------------------------------------------------


def test_an_address_that_works_once_belongs_to_the_browser_that_opened_it() -> None:
    async def go() -> None:
        server = RoomServer(Served(), once=True)
        runner = await server.start(0)
        try:
            jar = aiohttp.CookieJar(unsafe=True)  # keeps cookies of an address without a name too
            async with (
                aiohttp.ClientSession(cookie_jar=jar) as first,
                aiohttp.ClientSession() as second,
            ):
                async with first.get(server.address) as answer:
                    assert answer.status == 200
                    cookie = answer.headers["Set-Cookie"]
                    assert "HttpOnly" in cookie
                    assert "SameSite=Strict" in cookie
                for place in ("", "room.css", "static/js/textual.js"):
                    async with second.get(server.address + place) as answer:
                        assert answer.status == 403
                        assert "was opened already" in await answer.text()
                    async with first.get(server.address + place) as answer:
                        assert answer.status == 200, place
                with pytest.raises(aiohttp.WSServerHandshakeError):
                    await second.ws_connect(server.address + "ws")
                async with first.ws_connect(server.address + "ws") as socket:
                    await until(socket, "Portfolio")
        finally:
            await runner.cleanup()

    asyncio.run(go())


def test_without_being_asked_for_an_address_works_in_any_browser() -> None:
    async def act(server: RoomServer, session: aiohttp.ClientSession) -> None:
        for _ in range(2):
            async with aiohttp.ClientSession() as other, other.get(server.address) as answer:
                assert answer.status == 200
                assert "Set-Cookie" not in answer.headers

    serving(act)
