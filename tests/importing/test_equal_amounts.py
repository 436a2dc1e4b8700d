"""A row that is as large as one other is an investment, and no total of it."""

from __future__ import annotations

import pytest

from itgov.importing.cells import CellRow
from itgov.importing.total_rows import Sums


@pytest.mark.parametrize("amounts", [["100", "0", "0", "100"], ["100", "100", "0", "0"]])
def test_a_row_is_no_sum_of_one_row_and_zeros(amounts: list[str]) -> None:
    header = ["P", "Claims platform", "HR"]
    rows = [CellRow(n, n, [*header, amount]) for n, amount in enumerate(amounts, start=2)]
    assert Sums(rows, {}).no_records() == ({}, "")
