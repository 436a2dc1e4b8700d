"""The sixteen colours of common terminals, as they come, and how far apart two colours are."""

from __future__ import annotations

from rich.color import Color, ColorType

PALETTES = {
    "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
    "VGA, Linux console": "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
    "Windows console": "000000 800000 008000 808000 000080 800080 008080 c0c0c0 808080 ff0000 00ff00 ffff00 0000ff ff00ff 00ffff ffffff",
    "Windows Terminal": "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc 767676 e74856 16c60c f9f1a5 3b78ff b4009e 61d6d6 f2f2f2",
    "macOS Terminal": "000000 c23621 25bc24 adad27 492ee1 d338d3 33bbc8 cbcccd 818383 fc391f 31e722 eaec23 5833ff f935f8 14f0f0 e9ebeb",
    "iTerm2": "000000 c91b00 00c200 c7c400 0225c7 ca30c7 00c5c7 c7c7c7 686868 ff6e67 5ffa68 fffc67 6871ff ff77ff 60fdff ffffff",
    "Tango": "2e3436 cc0000 4e9a06 c4a000 3465a4 75507b 06989a d3d7cf 555753 ef2929 8ae234 fce94f 729fcf ad7fa8 34e2e2 eeeeec",
    "GNOME": "171421 c01c28 26a269 a2734c 12488b a347ba 2aa1b3 d0cfcc 5e5c64 f66151 33da7a e9ad0c 2a7bde c061cb 33c7de ffffff",
    "PuTTY": "000000 bb0000 00bb00 bbbb00 0000bb bb00bb 00bbbb bbbbbb 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
    "rxvt": "000000 cd0000 00cd00 cdcd00 0000cd cd00cd 00cdcd faebd7 404040 ff0000 00ff00 ffff00 0000ff ff00ff 00ffff ffffff",
    "Konsole": "232627 ed1515 11d116 f67400 1d99f3 9b59b6 1abc9c fcfcfc 7f8c8d c0392b 1cdc9a fdbc4b 3daee9 8e44ad 16a085 ffffff",
    "VS Code": "000000 cd3131 0dbc79 e5e510 2472c8 bc3fbc 11a8cd e5e5e5 666666 f14c4c 23d18b f5f543 3b8eea d670d6 29b8db e5e5e5",
}  # fmt: skip
"""Solarized is not among them: its bright colours are greys of one contrast, which only the theme
of the terminal's own colours can serve."""

MATRICES = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}  # fmt: skip
"""What is left of linear red, green and blue (Machado, Oliveira and Fernandes 2009)."""

Triplet = tuple[int, int, int]


def shown(color: Color, palette: str | None = None) -> Triplet:
    """Return a colour as a terminal with a palette shows it."""
    if color.type in (ColorType.STANDARD, ColorType.WINDOWS):
        assert palette is not None
        assert color.number is not None
        value = PALETTES[palette].split()[color.number]
        return int(value[:2], 16), int(value[2:4], 16), int(value[4:], 16)
    return tuple(color.get_truecolor())  # type: ignore[return-value]


def linear(color: Triplet) -> tuple[float, ...]:
    parts = (c / 255 for c in color)
    return tuple(c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)


def luminance(color: Triplet) -> float:
    red, green, blue = linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Triplet, other: Triplet) -> float:
    a, b = sorted((luminance(one), luminance(other)))
    return (b + 0.05) / (a + 0.05)


def _lab(parts: tuple[float, ...]) -> tuple[float, float, float]:
    r, g, b = (min(max(p, 0), 1) for p in parts)
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def difference(one: Triplet, other: Triplet, sight: str) -> float:
    """Return how different two colours look (CIE 1976) to somebody with this sight."""
    seen = (
        _lab(tuple(sum(m * c for m, c in zip(row, linear(color), strict=True)) for row in MATRICES[sight]))
        for color in (one, other)
    )  # fmt: skip
    return sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5
