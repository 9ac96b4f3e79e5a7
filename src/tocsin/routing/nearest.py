"""The nearest open door of every node at once, and the way to it; mended where a door closes or opens."""

import numpy as np

from tocsin.routing.compiled import Array, compiled, whole
from tocsin.routing.heap import pop, push
from tocsin.routing.streets import MAX_LENGTH, Ints, Streets

FAR = np.int32(2**31 - 1)
"""Decimetres to nowhere."""
BREAK_EVEN = 0.4
"""Share of the doors that change at once above which growing the whole tree is quicker than mending it (measured at
320,000 nodes and 4,500 doors: `tocsin bench nearest`)."""
BLOCK = 1 << 15
"""Nodes whose tree is grown at one time: with their streets they fit into a processor's second cache."""


class NearestTree:
    """
    Shortest ways from every node to the nearest of some doors: multi-source Dijkstra with Dial's buckets over whole
    decimetres (R. B. Dial, Algorithm 360, CACM 12 (11), 1969).

    `become` changes it in place, so whoever shares it between threads holds a lock round that and round what reads.
    Of two doors equally near either may be named; the distance is the same.

    Args:
        streets: At least one node.
        doors: Nodes where an open shelter stands; doubles are harmless, none at all is allowed.
        beyond: Decimetres from the node to the door, per door, 0 to MAX_LENGTH; none: all on their nodes.
        block: Nodes of consecutive numbers that are searched together before their surroundings are. The tree is
            the same with any, the time is not.

    Raises:
        ValueError: If a street, or the way beyond a node, is not within these lengths. So for `become` and `open`.

    Attributes:
        state: Shape (n + 1, 4), one line of memory for all that a kernel asks of a node: decimetres to its door (FAR
            where none is reached), the next node on the way (-1 at the last one), the node of its door (-1 where none
            is reached), and where its streets begin.
    """

    def __init__(self, streets: Streets, doors: Ints, beyond: Ints | None = None, block: int = BLOCK) -> None:
        n, m = streets.nodes, len(streets.indices)
        self._longest = int(streets.lengths.max(initial=1))
        # Buckets are counted by it, and a street of no length would make them a circle.
        if self._longest > MAX_LENGTH or int(streets.lengths.min(initial=1)) < 1:
            raise ValueError(f"a street is shorter than 1 or longer than {MAX_LENGTH} dm")
        self._streets, self._block = streets, block
        self._seams = streets.between_blocks(block)
        self.state = np.empty((n + 1, 4), np.int32)
        self.state[:, 3] = streets.indptr
        self._pool = np.empty((2, m + n + 1), np.int32)
        self._heap = np.empty(m + n + len(self._seams), np.int64)
        self._stack = np.empty(2 * n, np.int32)
        self._seed = self._sown(np.full(n, FAR, np.int32), doors, beyond)
        self.grow()

    @property
    def decimetres(self) -> Ints:
        """Per node to its door; FAR where none is reached."""
        return self.state[:-1, 0]

    @property
    def next(self) -> Ints:
        """Per node the next one on the way; -1 at the last one, and where no door is reached."""
        return self.state[:-1, 1]

    @property
    def door(self) -> Ints:
        """Per node the node of its door; -1 where none is reached."""
        return self.state[:-1, 2]

    def grow(self) -> None:
        """Grow the whole tree anew."""
        pairs, seed, state = self._streets.pairs, self._seed, self.state
        doors = np.flatnonzero(seed != FAR).astype(np.int32)
        longest = max(self._longest, int(seed[doors].max(initial=0)))
        buckets = np.full(1 << (longest + 1).bit_length(), -1, np.int32)
        _grow(pairs, self._seams, doors, seed, state, buckets, self._pool[0], self._pool[1], self._heap, self._block)

    def become(self, doors: Ints, beyond: Ints | None = None) -> int:
        """
        Change to other doors: mend the tree where they differ, or grow it anew where so many do that it is quicker.

        Returns:
            How many nodes have opened or closed.
        """
        before = self._seed
        self._seed = self._sown(np.full(len(before), FAR, np.int32), doors, beyond)
        changed = np.flatnonzero(before != self._seed).astype(np.int32)
        if len(changed) > BREAK_EVEN * max(1, int((before != FAR).sum())):
            self.grow()
        elif len(changed):
            self._mend(changed)
        return len(changed)

    def close(self, doors: Ints) -> None:
        """Close some doors, and mend the tree. Work: what those doors served, and its edge."""
        self._seed[doors] = FAR
        self._mend(doors)

    def open(self, doors: Ints, beyond: Ints | None = None) -> None:
        """Open some doors, and mend the tree. Work: what they serve from now on, and its edge."""
        self._seed = self._sown(self._seed, doors, beyond)
        self._mend(doors)

    def _sown(self, seed: Ints, doors: Ints, beyond: Ints | None) -> Ints:
        """The same array with doors added."""
        if beyond is not None and len(beyond) and not 0 <= int(beyond.min()) <= int(beyond.max()) <= MAX_LENGTH:
            raise ValueError(f"a door lies less than 0 or more than {MAX_LENGTH} dm beyond its node")
        np.minimum.at(seed, doors, np.zeros(len(doors), np.int32) if beyond is None else beyond)
        return seed

    def _mend(self, changed: Ints) -> None:
        _mend(self._streets.pairs, changed, self._seed, self.state, self._stack, self._heap)

    def reaches(self, node: int) -> bool:
        """False if no way leads from here to any door. Ask before all that follows."""
        return bool(self.state[node, 2] >= 0)

    def metres(self, node: int) -> float:
        """
        Raises:
            ValueError: If no door is reached. So for `route`.
        """
        return int(self.state[self._reached(node), 0]) / 10

    def route(self, node: int) -> list[int]:
        """The nodes of the way: this one first, the door's last."""
        found: list[int] = walk(self.state, self._reached(node)).tolist()
        return found

    def _reached(self, node: int) -> int:
        # An unreached node would otherwise answer infinity as a number of metres, and somebody would show it.
        if not self.reaches(node):
            raise ValueError(f"no door can be reached from node {node}")
        return node


@compiled
def walk(state: Array, node: int) -> Array:
    """The nodes from one to the end of its way."""
    count, at = 0, node
    while at >= 0:
        count += 1
        at = state[at, 1]
    way = np.empty(count, np.int32)
    at = node
    for step in range(count):
        way[step] = at
        at = state[at, 1]
    return way


@compiled
def _grow(
    pairs: Array,
    seams: Array,
    doors: Array,
    seed: Array,
    state: Array,
    buckets: Array,
    held: Array,
    after: Array,
    heap: Array,
    block: int,
) -> None:
    """
    The whole tree: first block by block, each as if there were no other, since what lies in the cache is read ten
    times as fast; then what is nearer to a door across the seams is settled once more, by Dijkstra, and no other node.
    """
    first = 0
    for low in range(0, len(seed), block):
        last = first
        while last < len(doors) and doors[last] < low + block:
            last += 1
        _grow_block(pairs, doors[first:last], seed, state, buckets, held, after, low, min(low + block, len(seed)))
        first = last
    size = 0
    for seam in range(len(seams)):
        node, other = seams[seam, 0], seams[seam, 1]
        there = whole(state[node, 0]) + seams[seam, 2]
        if there < state[other, 0]:
            state[other, 0], state[other, 1], state[other, 2] = there, node, state[node, 2]
            size = push(heap, size, there << 32 | other)
    _settle(pairs, state, heap, size)


@compiled
def _grow_block(
    pairs: Array,
    doors: Array,
    seed: Array,
    state: Array,
    buckets: Array,
    held: Array,
    after: Array,
    low: int,
    high: int,
) -> None:
    """
    Dial's algorithm among some nodes. A bucket holds the nodes of one distance, as a chain of entries (`held` the node,
    `after` the next entry); the buckets are used in a ring, which is long enough as no street and no door is longer
    than it. An entry whose node has come nearer meanwhile is passed over.
    """
    for node in range(low, high):
        state[node, 0], state[node, 1], state[node, 2] = FAR, -1, -1
    mask = len(buckets) - 1
    used = waiting = 0
    for node in doors:
        state[node, 0], state[node, 2] = seed[node], node
        into = seed[node] & mask
        held[used], after[used], buckets[into] = node, buckets[into], used
        used += 1
        waiting += 1
    now = 0
    while waiting > 0:
        bucket = now & mask
        entry = buckets[bucket]
        while entry >= 0:
            buckets[bucket] = after[entry]
            waiting -= 1
            node = held[entry]
            if state[node, 0] == now:
                mine = state[node, 2]
                for edge in range(state[node, 3], state[node + 1, 3]):
                    other, there = pairs[edge, 0], now + pairs[edge, 1]
                    if low <= other < high and there < state[other, 0]:
                        state[other, 0], state[other, 1], state[other, 2] = there, node, mine
                        into = there & mask
                        held[used], after[used], buckets[into] = other, buckets[into], used
                        used += 1
                        waiting += 1
            entry = buckets[bucket]
        now += 1


@compiled
def _mend(pairs: Array, changed: Array, seed: Array, state: Array, stack: Array, heap: Array) -> None:
    """
    Exact repair: what a closed door served is orphaned, seeded from its edge, and settled by Dijkstra together with
    what the opened doors take over. No more is touched than changes, and its neighbours.
    """
    orphans = 0
    for node in changed:
        if state[node, 2] == node and state[node, 1] < 0 and seed[node] > state[node, 0]:
            orphans = _orphan(pairs, node, state, stack, orphans)
    size = _seed_orphans(pairs, seed, state, stack, orphans, heap)
    for node in changed:
        if seed[node] < state[node, 0]:
            state[node, 0], state[node, 1], state[node, 2] = seed[node], -1, node
            size = push(heap, size, whole(seed[node]) << 32 | node)
    _settle(pairs, state, heap, size)


@compiled
def _orphan(pairs: Array, root: int, state: Array, stack: Array, count: int) -> int:
    """Put all whose way ends at the root on the stack and take their door from them; return how many are on it."""
    read = count
    stack[count] = root
    state[root, 2] = -2
    count += 1
    while read < count:
        node = stack[read]
        read += 1
        for edge in range(state[node, 3], state[node + 1, 3]):
            other = pairs[edge, 0]
            if state[other, 1] == node and state[other, 2] != -2:
                state[other, 2] = -2
                stack[count] = other
                count += 1
    return count


@compiled
def _seed_orphans(pairs: Array, seed: Array, state: Array, stack: Array, orphans: int, heap: Array) -> int:
    """The best each orphan has without another orphan: its own door, or a neighbour that is served. Fills the heap."""
    for at in range(orphans):
        node = stack[at]
        best, by, its = whole(seed[node]), np.int32(-1), np.int32(-1)
        if seed[node] != FAR:
            its = node
        for edge in range(state[node, 3], state[node + 1, 3]):
            other = pairs[edge, 0]
            if state[other, 2] >= 0:
                there = whole(state[other, 0]) + pairs[edge, 1]
                if there < best:
                    best, by, its = there, other, state[other, 2]
        state[node, 0], state[node, 1], stack[orphans + at] = best, by, its
    size = 0
    # The doors are written only now: above, an orphan seen by another had to be told from one who is served.
    for at in range(orphans):
        node = stack[at]
        state[node, 2] = stack[orphans + at]
        if state[node, 2] >= 0:
            size = push(heap, size, whole(state[node, 0]) << 32 | node)
    return size


@compiled
def _settle(pairs: Array, state: Array, heap: Array, size: int) -> None:
    while size > 0:
        node, now = heap[0] & 0xFFFFFFFF, heap[0] >> 32
        size = pop(heap, size)
        if now > state[node, 0]:
            continue
        for edge in range(state[node, 3], state[node + 1, 3]):
            other, there = pairs[edge, 0], now + pairs[edge, 1]
            if there < state[other, 0]:
                state[other, 0], state[other, 1], state[other, 2] = there, node, state[node, 2]
                size = push(heap, size, there << 32 | other)
