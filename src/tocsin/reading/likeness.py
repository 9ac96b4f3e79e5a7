"""Numbers by which copies of one report are found, however each newsroom trimmed it."""

import hashlib
from collections.abc import Sequence

from tocsin.reading.text import Token

SHINGLE = 4
"""Words in a row."""
KEPT = 64
"""The least hashes of a text: two texts' shares of them estimate the shingles they share (Broder 1997)."""


def likeness(tokens: Sequence[Token]) -> tuple[int, ...]:
    """The least hashes of all runs of four words, without marks and capitals."""
    words = [token.norm for token in tokens if token.is_word or token.is_number]
    runs = {" ".join(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1))} if words else set()
    hashes = (hashlib.blake2b(run.encode(errors="surrogatepass"), digest_size=6).digest() for run in runs)
    return tuple(sorted(int.from_bytes(each) for each in hashes)[:KEPT])
