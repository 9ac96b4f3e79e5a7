"""Who can walk to which shelter within a limit: every pair, none cut off."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.routing.compiled import Array, compiled
from tocsin.routing.nearest import FAR
from tocsin.routing.streets import Ints, Streets

Longs = NDArray[np.int64]

_WORKERS = 2


@dataclass(frozen=True, eq=False)
class Reach:
    """
    Arcs from homes to doors, door by door.

    Attributes:
        homes: The nodes where somebody lives.
        people: So many, per home.
        first: The arcs of door j are those from `first[j]` to `first[j + 1]`.
        home: Per arc, an index of `homes`.
        cost: Per arc, decimetres on foot.
        limit: Decimetres; no arc is longer.
    """

    homes: Ints
    people: Longs
    first: Longs
    home: Ints
    cost: Ints
    limit: int

    @property
    def doors(self) -> int:
        return len(self.first) - 1


def within(streets: Streets, people: Ints, nodes: Ints, beyond: Ints, limit: int, begin: Longs | None = None) -> Reach:
    """
    Everybody's doors, by a search from each door that stops at the limit; half of the doors in each of two threads.

    Args:
        people: Residents, per node.
        nodes: Where one gets to a door.
        beyond: Decimetres from the node to the door.
        limit: Decimetres, at least 0.
        begin: One more than there are doors: door j is reached by the nodes from `begin[j]` to `begin[j + 1]`, by
            whichever is nearer. Left out, each node is that of one door.
    """
    if begin is None:
        begin = np.arange(len(nodes) + 1, dtype=np.int64)
    homes = np.flatnonzero(people > 0).astype(np.int32)
    row = np.full(streets.nodes, -1, np.int32)
    row[homes] = np.arange(len(homes), dtype=np.int32)
    cuts = np.linspace(0, len(begin) - 1, _WORKERS + 1).astype(int).tolist()

    def search(part: int) -> tuple[Ints, Ints, Ints]:
        these = begin[cuts[part] : cuts[part + 1] + 1]
        found: tuple[Ints, Ints, Ints] = _within(streets.indptr, streets.pairs, nodes, beyond, these, limit, row)
        return found

    with ThreadPoolExecutor(_WORKERS) as pool:
        parts = list(pool.map(search, range(_WORKERS)))
    home, cost, counts = (np.concatenate(column) for column in zip(*parts, strict=True))
    first = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)))
    return Reach(homes, people[homes].astype(np.int64), first, home, cost, limit)


@compiled
def _within(
    indptr: Array, pairs: Array, nodes: Array, beyond: Array, begin: Array, limit: int, row: Array
) -> tuple[Array, Array, Array]:
    """The homes and costs of each door, one door after another, and how many it has."""
    n = len(indptr) - 1
    far = np.full(n, FAR, np.int32)
    buckets = np.full(limit + 1, -1, np.int32)
    room = len(pairs) + len(nodes)
    held, after = np.empty(room, np.int32), np.empty(room, np.int32)
    seen = np.empty(n, np.int32)
    home, cost = np.empty(1024, np.int32), np.empty(1024, np.int32)
    counts = np.zeros(len(begin) - 1, np.int32)
    used = 0
    for at in range(len(counts)):
        these = slice(begin[at], begin[at + 1])
        many = _search(indptr, pairs, nodes[these], beyond[these], limit, far, buckets, held, after, seen)
        if used + many > len(home):
            home, cost = _longer(home, used, used + many), _longer(cost, used, used + many)
        start = used
        for entry in range(many):
            node = seen[entry]
            if row[node] >= 0:
                home[used], cost[used] = row[node], far[node]
                used += 1
            far[node] = FAR
        counts[at] = used - start
    return home[:used], cost[:used], counts


@compiled
def _longer(array: Array, used: int, least: int) -> Array:
    grown = np.empty(max(least, 2 * len(array)), array.dtype)
    grown[:used] = array[:used]
    return grown


@compiled
def _begin(
    nodes: Array, beyond: Array, limit: int, far: Array, buckets: Array, held: Array, after: Array, seen: Array
) -> tuple[int, int]:
    """Put the nodes of a door into their buckets; return how many nodes, and how many entries."""
    many = used = 0
    for at in range(len(nodes)):
        node, there = nodes[at], beyond[at]
        if there <= limit and there < far[node]:
            if far[node] == FAR:
                seen[many] = node
                many += 1
            far[node] = there
            held[used], after[used], buckets[there] = node, buckets[there], used
            used += 1
    return many, used


@compiled
def _search(
    indptr: Array,
    pairs: Array,
    nodes: Array,
    beyond: Array,
    limit: int,
    far: Array,
    buckets: Array,
    held: Array,
    after: Array,
    seen: Array,
) -> int:
    """Dial's algorithm from one door as far as the limit; leaves the distances in `far`, and returns how many nodes."""
    many, used = _begin(nodes, beyond, limit, far, buckets, held, after, seen)
    waiting, now = used, 0
    while waiting > 0:
        entry = buckets[now]
        while entry >= 0:
            buckets[now] = after[entry]
            waiting -= 1
            node = held[entry]
            if far[node] == now:
                for edge in range(indptr[node], indptr[node + 1]):
                    other, there = pairs[edge, 0], now + pairs[edge, 1]
                    if there <= limit and there < far[other]:
                        if far[other] == FAR:
                            seen[many] = other
                            many += 1
                        far[other] = there
                        held[used], after[used], buckets[there] = other, buckets[there], used
                        used += 1
                        waiting += 1
            entry = buckets[now]
        now += 1
    return many
