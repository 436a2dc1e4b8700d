"""The cache for values of one type, as msgpack."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from itgov.files.cache import Cache

T = TypeVar("T")


class TypedCache(Cache, Generic[T]):
    """Values of the type `kind` by key, in the folder `name` of the cache."""

    def __init__(self, name: str, kind: type[T]) -> None:
        super().__init__(name)
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(kind).decode

    def recall(self, key: str) -> T | None:
        """Return the value that was kept under a key, or None."""
        packed = self.get(key)
        if packed is None:
            return None
        try:
            return self._decode(packed)
        except ValueError:  # msgspec's errors are such
            return None

    def keep(self, key: str, value: T, *, later: bool = False) -> None:
        """Keep a value under a key; not one without encoding: half a surrogate, or an amount without bounds.

        With `later` it is written down when `write` is called, as it is now.
        """
        if self.folder is None:
            return
        try:
            packed = self._encode(value)
        except (UnicodeEncodeError, OverflowError):  # an integer of over 64 bits
            return
        (self.put_later if later else self.put)(key, packed)
