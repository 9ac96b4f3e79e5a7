"""
Augmenting paths between doors: the kernels that keep an allocation optimal while places come and go.

They share numba's tuple `net`: the entries of home i are those from `first[i]` to `first[i + 1]` of `door`, `cost` and
`arc`, and the last of them leads nowhere, to the door numbered after all others; the arcs of door j are those from
`begin[j]` to `begin[j + 1]` of `home` and `entry`. A price says what a place at a door is worth in decimetres. Optimal
is: everybody goes where cost plus price is least for them, and a door with room to spare has no price.
"""

import numpy as np

from tocsin.routing.compiled import Array, compiled, whole
from tocsin.routing.heap import pop, push

ENDLESS: int = 2**62
_DOOR_BITS = 20
_DOORS = (1 << _DOOR_BITS) - 1
MAX_DOORS = _DOORS - 1
"""A door's number shares a key of the heap with a distance."""


@compiled
def _room(heap: Array, size: int) -> Array:
    """The heap, longer if it is full."""
    if size < len(heap):
        return heap
    longer = np.empty(2 * len(heap), np.int64)
    longer[:size] = heap
    return longer


@compiled
def dual_value(net: Array, people: Array, price: Array) -> int:
    """What all homes must pay at least at these prices."""
    first, door, cost = net[0], net[1], net[2]
    total: int = whole(0)
    for home in range(len(people)):
        least = ENDLESS
        for entry in range(first[home], first[home + 1]):
            least = min(least, cost[entry] + price[door[entry]])
        total += least * people[home]
    return total


@compiled
def prices_of(net: Array, places: Array, load: Array, flow: Array, shut: int) -> Array:
    """
    The highest prices that prove a plan optimal: for each door the cost of freeing a place, by the cheapest chain of
    moves to a door with room or to nowhere (Bellman and Ford, with a queue).

    Args:
        shut: The price of a door without places.
    """
    first, _, cost, _, begin, home, entry_of = net
    doors = len(places)
    price = np.full(doors + 1, ENDLESS, np.int64)
    queue, waits = np.empty(doors + 1, np.int32), np.zeros(doors + 1, np.bool_)
    head = count = 0
    for at in range(doors + 1):
        if at == doors or load[at] < places[at]:
            price[at], queue[count], waits[at] = 0, at, True
            count += 1
    while count > 0:
        free = queue[head]
        head, count, waits[free] = (head + 1) % (doors + 1), count - 1, False
        many = len(first) - 1 if free == doors else begin[free + 1] - begin[free]
        for step in range(many):
            who = step if free == doors else home[begin[free] + step]
            there = first[who + 1] - 1 if free == doors else entry_of[begin[free] + step]
            count = _lower(net, flow, who, cost[there] + price[free], price, queue, waits, head, count)
    for at in range(doors):
        if places[at] == 0 or price[at] == ENDLESS:
            price[at] = shut
    return price


@compiled
def _lower(
    net: Array, flow: Array, who: int, pays: int, price: Array, queue: Array, waits: Array, head: int, count: int
) -> int:
    """A home can go where it pays this: where it is now, a place cannot be worth more than the difference."""
    first, door, cost, arc = net[0], net[1], net[2], net[3]
    for entry in range(first[who], first[who + 1]):
        at = door[entry]
        if at < len(price) - 1 and flow[arc[entry]] > 0 and pays - cost[entry] < price[at]:
            price[at] = pays - cost[entry]
            if not waits[at]:
                queue[(head + count) % len(queue)], waits[at] = at, True
                count += 1
    return count


@compiled
def worth_of(net: Array, places: Array, flow: Array) -> Array:
    """
    The lowest prices that prove a plan optimal: for each door what one more place would save, by the best chain of
    moves that it lets start (Bellman and Ford, with a queue).
    """
    first, _, cost, arc, begin, home, entry_of = net
    doors = len(places)
    worth = np.zeros(doors + 1, np.int64)
    queue, waits = np.arange(doors + 1).astype(np.int32), np.ones(doors + 1, np.bool_)
    head, count = 0, doors + 1
    while count > 0:
        at = queue[head]
        head, count, waits[at] = (head + 1) % (doors + 1), count - 1, False
        many = len(first) - 1 if at == doors else begin[at + 1] - begin[at]
        for step in range(many):
            who = step if at == doors else home[begin[at] + step]
            here = first[who + 1] - 1 if at == doors else entry_of[begin[at] + step]
            if flow[arc[here]] > 0:
                count = _raise(net, who, cost[here] + worth[at], worth, queue, waits, head, count)
    return worth


@compiled
def _raise(net: Array, who: int, pays: int, worth: Array, queue: Array, waits: Array, head: int, count: int) -> int:
    """A home pays this now: wherever else it could go, one more place is worth the difference."""
    first, door, cost = net[0], net[1], net[2]
    for entry in range(first[who], first[who + 1] - 1):
        at = door[entry]
        if pays - cost[entry] > worth[at]:
            worth[at] = pays - cost[entry]
            if not waits[at]:
                queue[(head + count) % len(queue)], waits[at] = at, True
                count += 1
    return count


@compiled
def _work(doors: int) -> Array:
    """What a search leaves behind, per door: distance, arcs that lose and gain on the way there, the door before."""
    return (
        np.full(doors + 1, ENDLESS, np.int64),
        np.empty(doors + 1, np.int64),
        np.empty(doors + 1, np.int64),
        np.empty(doors + 1, np.int64),
        np.zeros(doors + 1, np.bool_),
        np.empty(doors + 1, np.int64),
    )


@compiled
def _shift(flow: Array, work: Array, end: int, root: int, most: int) -> int:
    """Move as many as can be, up to `most`, along the way that a search has found; return how many."""
    _, loses, gains, before, _, _ = work
    at, moved = end, most
    while at != root:
        moved = min(moved, flow[loses[at]])
        at = before[at]
    at = end
    while at != root:
        flow[loses[at]] -= moved
        flow[gains[at]] += moved
        at = before[at]
    return moved


@compiled
def push_out(net: Array, places: Array, load: Array, sources: Array, price: Array, flow: Array) -> None:
    """Move those for whom there is no place any more from each source, along the cheapest chains of moves."""
    doors = len(places)
    work, heap = _work(doors), np.empty(1024, np.int64)
    far, _, _, _, done, seen = work
    for source in sources:
        while load[source] > places[source]:
            heap, many, best, end = _search_out(net, places, load, source, price, flow, work, heap)
            most = load[source] - places[source]
            if end < doors:
                most = min(most, places[end] - load[end])
            moved = _shift(flow, work, end, source, most)
            load[source] -= moved
            load[end] += moved
            for step in range(many):
                at = seen[step]
                if done[at] and far[at] < best:
                    price[at] += best - far[at]
                far[at], done[at] = ENDLESS, False


@compiled
def _search_out(
    net: Array, places: Array, load: Array, source: int, price: Array, flow: Array, work: Array, heap: Array
) -> tuple[Array, int, int, int]:
    """Dijkstra over the doors, at reduced costs, to the nearest with room or to nowhere, which everybody can reach."""
    far, _, _, _, done, seen = work
    far[source], seen[0] = 0, source
    many, size = 1, push(heap, 0, whole(source))
    best, end = ENDLESS, whole(-1)
    while size > 0:
        now, at = heap[0] >> _DOOR_BITS, heap[0] & _DOORS
        size = pop(heap, size)
        if now >= best:
            break
        if not done[at] and now <= far[at]:
            done[at] = True
            heap, size, many, best, end = _leave(
                net, places, load, at, now, price, flow, work, heap, size, many, best, end
            )
    return heap, many, best, end


@compiled
def _leave(
    net: Array,
    places: Array,
    load: Array,
    at: int,
    now: int,
    price: Array,
    flow: Array,
    work: Array,
    heap: Array,
    size: int,
    many: int,
    best: int,
    end: int,
) -> tuple[Array, int, int, int, int]:
    """Where those who are at one door could go instead."""
    first, door, cost, arc, begin, home, entry_of = net
    far, loses, gains, before, _, seen = work
    doors = len(places)
    for out in range(begin[at], begin[at + 1]):
        if flow[out] == 0:
            continue
        who, base = home[out], now - cost[entry_of[out]] - price[at]
        for entry in range(first[who], first[who + 1]):
            other = door[entry]
            there = base + cost[entry] + price[other]
            if there >= far[other] or there >= best or (other < doors and places[other] == 0):
                continue
            if far[other] == ENDLESS:
                seen[many] = other
                many += 1
            far[other], loses[other], gains[other], before[other] = there, out, arc[entry], at
            if other == doors or load[other] < places[other]:
                best, end = there, whole(other)
            else:
                heap = _room(heap, size)
                size = push(heap, size, there << _DOOR_BITS | other)
    return heap, size, many, best, end


@compiled
def pull_in(net: Array, places: Array, load: Array, targets: Array, price: Array, flow: Array) -> None:
    """Fill the new places of each target as long as somebody gains by it; lower its price to what they are worth."""
    doors = len(places)
    work, heap = _work(doors), np.empty(1024, np.int64)
    far, _, _, _, done, seen = work
    for target in targets:
        if load[target] == 0:
            price[target] = _entry_price(net, price, target)
        while load[target] < places[target] and price[target] > 0:
            heap, many, best, end = _search_in(net, target, price, flow, work, heap)
            for step in range(many):
                at = seen[step]
                if at < doors and done[at] and far[at] < best:
                    price[at] -= best - far[at]
            if end != target:
                moved = _shift(flow, work, end, target, places[target] - load[target])
                load[end] -= moved
                load[target] += moved
            for step in range(many):
                far[seen[step]], done[seen[step]] = ENDLESS, False


@compiled
def _search_in(
    net: Array, target: int, price: Array, flow: Array, work: Array, heap: Array
) -> tuple[Array, int, int, int]:
    """Dijkstra over the doors, against the moves, to the nearest that can be left: from nowhere, or with a price to
    lose. To lower the target's own price to nothing is the end that is always there."""
    far, _, _, _, done, seen = work
    far[target], seen[0] = 0, target
    many, size = 1, push(heap, 0, whole(target))
    best, end = price[target], whole(target)
    while size > 0:
        now, at = heap[0] >> _DOOR_BITS, heap[0] & _DOORS
        size = pop(heap, size)
        if now >= best:
            break
        if not done[at] and now <= far[at]:
            done[at] = True
            heap, size, many, best, end = _enter(net, at, now, price, flow, work, heap, size, many, best, end)
    return heap, many, best, end


@compiled
def _enter(
    net: Array,
    at: int,
    now: int,
    price: Array,
    flow: Array,
    work: Array,
    heap: Array,
    size: int,
    many: int,
    best: int,
    end: int,
) -> tuple[Array, int, int, int, int]:
    """From where those who could go to one door would come."""
    first, door, cost, arc, begin, home, entry_of = net
    far, loses, gains, before, _, seen = work
    doors = len(price) - 1
    for into in range(begin[at], begin[at + 1]):
        who, base = home[into], now + cost[entry_of[into]] + price[at]
        for entry in range(first[who], first[who + 1]):
            other = door[entry]
            there = base - cost[entry] - price[other]
            if there >= far[other] or there >= best or flow[arc[entry]] == 0:
                continue
            if far[other] == ENDLESS:
                seen[many] = other
                many += 1
            far[other], loses[other], gains[other], before[other] = there, arc[entry], into, at
            if there + price[other] < best:
                best, end = there + price[other], whole(other)
            if other < doors:
                heap = _room(heap, size)
                size = push(heap, size, there << _DOOR_BITS | other)
    return heap, size, many, best, end


@compiled
def _entry_price(net: Array, price: Array, target: int) -> int:
    """The lowest price at which nobody would rather be at an empty door than where they are."""
    first, door, cost, _, begin, home, entry_of = net
    found: int = whole(0)
    for into in range(begin[target], begin[target + 1]):
        best = ENDLESS
        for entry in range(first[home[into]], first[home[into] + 1]):
            if door[entry] != target:
                best = min(best, cost[entry] + price[door[entry]])
        found = max(found, best - cost[entry_of[into]])
    return found


@compiled
def settle_greedily(net: Array, places: Array, load: Array, flow: Array) -> None:
    """Feasible, not best: who has lost a place, or had none, goes to the nearest door with room that is left."""
    first, door, cost, arc, begin, home, _ = net
    doors = len(places)
    for at in range(doors):
        for out in range(begin[at], begin[at + 1]):
            moved = min(flow[out], load[at] - places[at])
            if moved <= 0:
                continue
            who = home[out]
            flow[out] -= moved
            load[at] -= moved
            flow[arc[first[who + 1] - 1]] += moved
            load[doors] += moved
    for who in range(len(first) - 1):
        nowhere = arc[first[who + 1] - 1]
        while flow[nowhere] > 0:
            best, by = ENDLESS, -1
            for entry in range(first[who], first[who + 1] - 1):
                if load[door[entry]] < places[door[entry]] and cost[entry] < best:
                    best, by = cost[entry], entry
            if by < 0:
                break
            moved = min(flow[nowhere], places[door[by]] - load[door[by]])
            flow[nowhere] -= moved
            flow[arc[by]] += moved
            load[door[by]] += moved
            load[doors] -= moved
