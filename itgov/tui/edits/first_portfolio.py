"""Where there is nothing yet: starting a portfolio, or looking at the sample first."""

from __future__ import annotations

import asyncio
import datetime
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from itgov.tui.edits.asking import waits_for_answers

if TYPE_CHECKING:
    from itgov.tui.dialogs.form import Answers
    from itgov.tui.room_app import RoomApp
    from itgov.tui.widgets.styled_text import Line

_EXAMPLES = (
    "The people, the investment and the engagement in it are examples: replace them with your own."
)


class FirstActions:
    """The actions of an empty repository."""

    def __init__(self, home: RoomApp) -> None:
        self.home = home

    @waits_for_answers
    async def do_init(self) -> None:
        """Ask for name, currency and first unit, and start a portfolio by the verb that does it."""
        home = self.home
        root = home.path if home.path is not None else Path()
        given = await self._asked(root)
        if given is None:
            return
        unit = given["unit"].strip()
        options = ("--name", given["name"], "--currency", given["currency"].strip(), "--unit", _id_of(unit), "--unit-name", unit)  # fmt: skip
        command = [sys.executable, "-P", "-m", "itgov", "init", str(root), *options]
        done = await asyncio.to_thread(_run, command)
        said: list[Line] = [
            ((line, ""),) for line in done.stdout.decode("utf-8", "replace").splitlines()
        ]
        if done.returncode:
            home.tell("`itgov init` failed", said)
            return
        home.updates.do_reload()
        said.insert(0, ((_EXAMPLES, "warning"),))
        home.tell(f"A portfolio was started in {os.fspath(root.absolute())}", said)

    async def _asked(self, root: Path) -> Answers | None:
        from itgov.report.start_names import name_of_folder
        from itgov.tui.dialogs.form import Ask, Form

        asks = (
            Ask(id="name", label="organisation", value=name_of_folder(root), words=f"Its name, as people say it. Files are written to {root.absolute()}."),
            Ask(id="currency", label="currency", help="EUR, GBP, USD …", words="The code of every amount: three letters."),
            Ask(id="unit", label="first business unit", help="Retail banking", words="A part of the business that IT serves, as people call it. More are added with +."),
        )  # fmt: skip
        form = Form("Start a portfolio", asks, (), datetime.date.today(), _wrong)
        answers: Answers | None = await self.home.push_screen_wait(form)
        return answers

    def do_sample(self) -> None:
        """Look at the sample instead."""
        self.home.updates.read_sample()


def _id_of(unit: str) -> str:
    from itgov.importing.values import slug

    return slug(unit, 64)


def _wrong(answers: Answers) -> str | None:
    """Return what is wrong with the answers that are given so far, or None."""
    from itgov.report.start_names import wrong_currency, wrong_name, wrong_unit

    checks: dict[str, Callable[[str], str | None]] = {
        "name": wrong_name,
        "currency": lambda text: wrong_currency(text.strip()),
        "unit": lambda text: wrong_name(text) or wrong_unit(_id_of(text)),
    }
    return next((said for key, text in answers.items() if (said := checks[key](text))), None)


def _run(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
