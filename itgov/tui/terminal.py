"""Reading the keys of a terminal, so that escape is told from the beginning of another key at once.

Both begin with the same byte.  Textual looks whether more has come ten times a second, whatever
`ESCDELAY` says, so that leaving a filter or a dialog takes 100 to 200 ms longer than any other key.
"""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder

from textual import constants
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

_LOOK = 0.1
"""Seconds between two looks at whether the room was left."""


class Terminal(LinuxDriver):
    """A terminal of Linux or macOS.  `ESCDELAY` is how many milliseconds an escape may take."""

    def run_input_thread(self) -> None:
        """Hand on what is typed until the room is left."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                begun = parser._timeout_time is not None  # a key may be half read
                if selector.select(constants.ESCAPE_DELAY if begun else _LOOK):
                    read = os.read(self.fileno, 4096)
                    if not read:  # nobody will type any more
                        self.exit_event.wait(_LOOK)
                    text = decode(read)
                    if (
                        text
                    ):  # none of a character whose end is to come; to the parser it is the end
                        for event in parser.feed(text):
                            self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
