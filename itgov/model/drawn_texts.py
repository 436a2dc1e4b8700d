"""Texts as they are drawn: what differs in them that nobody sees is the same."""

from __future__ import annotations

import re
import unicodedata

UNSEEN = (
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
"""Characters that draw nothing: Unicode's default-ignorable ones, fillers, and the blank of braille."""
LOOK_ALIKE = str.maketrans(
    "асеорхуктвмніјѕԁαοντρκιβᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
    "aceopxyktbmhijsdaovtpkibabcdefghijklmnoprstuvwyz",
)
"""Letters of other scripts that look like Latin ones."""


def drawn(text: str) -> str:
    """Return how a text looks to a reader, in lower case, with Latin letters for those that look alike."""
    seen = re.sub(UNSEEN, "", unicodedata.normalize("NFKC", text)).casefold()
    return " ".join(seen.translate(LOOK_ALIKE).split())
