"""Text in large letters, for a screen that is read from the other end of a room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_ROWS = 5
_GLYPHS: Mapping[str, str] = {
    "A": "010 101 111 101 101", "B": "110 101 110 101 110", "C": "011 100 100 100 011",
    "D": "110 101 101 101 110", "E": "111 100 110 100 111", "F": "111 100 110 100 100",
    "G": "0111 1000 1011 1001 0111", "H": "101 101 111 101 101", "I": "1 1 1 1 1",
    "J": "001 001 001 101 010", "K": "1001 1010 1100 1010 1001", "L": "100 100 100 100 111",
    "M": "10001 11011 10101 10001 10001", "N": "1001 1101 1011 1001 1001",
    "O": "0110 1001 1001 1001 0110", "P": "110 101 110 100 100", "Q": "0110 1001 1001 1011 0111",
    "R": "110 101 110 101 101", "S": "011 100 010 001 110", "T": "111 010 010 010 010",
    "U": "101 101 101 101 111", "V": "101 101 101 101 010", "W": "10001 10001 10101 11011 10001",
    "X": "101 101 010 101 101", "Y": "101 101 010 010 010", "Z": "111 001 010 100 111",
    "0": "111 101 101 101 111", "1": "010 110 010 010 111", "2": "111 001 111 100 111",
    "3": "111 001 111 001 111", "4": "101 101 111 001 001", "5": "111 100 111 001 111",
    "6": "111 100 111 101 111", "7": "111 001 001 001 001", "8": "111 101 111 101 111",
    "9": "111 101 111 001 111",
    " ": "00 00 00 00 00", ".": "0 0 0 0 1", ",": "00 00 00 01 10", ":": "0 1 0 1 0", ";": "00 01 00 01 10",
    "-": "000 000 111 000 000", "–": "000 000 111 000 000", "/": "001 001 010 100 100",
    "&": "0100 1010 0100 1010 0101", "(": "01 10 10 10 01", ")": "10 01 01 01 10",
    "'": "1 1 0 0 0", "’": "1 1 0 0 0", '"': "101 101 000 000 000", "+": "000 010 111 010 000",
    "%": "101 001 010 100 101", "!": "1 1 1 0 1", "?": "110 001 010 000 010",
    "£": "011 010 111 010 111", "€": "011 110 100 110 011", "$": "011 110 010 011 110",
    "=": "000 111 000 111 000", "#": "01010 11111 01010 11111 01010",
}  # fmt: skip
"""The dots of each letter, row by row from above."""
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def large(text: str, width: int, dots: int = 1) -> list[str] | None:
    """Return a text in large letters, broken at blanks into at most `width` columns.

    With one of `dots` a letter has three lines, with two it has five and is twice as wide.  None
    where a letter cannot be drawn so, or a word is too long.
    """
    text = " ".join(text.split()).upper()
    if not text or any(letter not in _GLYPHS for letter in text):
        return None
    lines: list[str] = []
    for words in _broken(text.split(), width, dots):
        lines += [""] if lines else []
        if _width(words, dots) > width:
            return None
        lines += _drawn(words, dots)
    return lines


def _broken(words: Sequence[str], width: int, dots: int) -> list[str]:
    """Return lines of as many words as there are columns for."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer, dots) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _width(text: str, dots: int) -> int:
    return sum(len(_GLYPHS[letter].split()[0]) + 1 for letter in text) * dots - dots


def _drawn(text: str, dots: int) -> list[str]:
    glyphs = [_GLYPHS[letter].split() for letter in text]
    rows = ["0".join(glyph[row] for glyph in glyphs) for row in range(_ROWS)]
    if dots > 1:
        return [
            "".join(("█" if dot == "1" else " ") * dots for dot in row).rstrip() for row in rows
        ]
    rows.append("0" * len(rows[0]))
    return [
        "".join(_HALVES[a == "1", b == "1"] for a, b in zip(rows[y], rows[y + 1], strict=True)).rstrip()
        for y in range(0, _ROWS + 1, 2)
    ]  # fmt: skip
