"""A binary heap of whole numbers in an array: the key above, what it belongs to in the low bits."""

from tocsin.routing.compiled import Array, compiled


@compiled
def push(heap: Array, size: int, key: int) -> int:
    """Put a key in; return the new size. The array must have room for it."""
    at = size
    while at > 0:
        parent = (at - 1) >> 1
        if heap[parent] <= key:
            break
        heap[at] = heap[parent]
        at = parent
    heap[at] = key
    return size + 1


@compiled
def pop(heap: Array, size: int) -> int:
    """Take `heap[0]`, the least, out; return the new size. Read it before."""
    size -= 1
    last, at = heap[size], 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= last:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = last
    return size
