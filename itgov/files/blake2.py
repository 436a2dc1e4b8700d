"""The hash of keys, checksums and fingerprints, as `hashlib` has it.

`hashlib` loads OpenSSL first, for hashes that a check has no use for: 3 ms of a start.
"""

try:
    from _blake2 import blake2b
except ImportError:  # another Python than CPython
    from hashlib import blake2b

__all__ = ["blake2b"]
