"""An interrupt that comes while CEL evaluates."""

from __future__ import annotations

import datetime
import os
import signal

import pytest

from itgov.rules.cel import Runtime
from tests.support.interrupts import interruptible


@pytest.mark.parametrize("expression", ["days_since(day) > 0", "days_since(day) > 0 || true"])
def test_an_interrupt_in_a_function_of_ours_ends_the_run(expression):
    class Interrupting:
        def __sub__(self, day):
            os.kill(os.getpid(), signal.SIGINT)
            return datetime.timedelta(1)

    with interruptible():
        runtime = Runtime(Interrupting(), ["day"])
        program, day = runtime.compile(expression), {"day": "2026-01-01"}
        with pytest.raises(KeyboardInterrupt):
            program.evaluate_once(day)
        with pytest.raises(KeyboardInterrupt):
            program.evaluate(runtime.scope(day))
