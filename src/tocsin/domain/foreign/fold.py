"""
Which alerts of a pile of CAP messages are in force, in whatever order the messages came (CAP 1.2, 3.2.1 msgType).

Messages that never came are the rule and not the exception. So nothing here waits for a message, and nothing but a
message ends an alert: neither an hour nor an absence.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tocsin.domain.foreign.message import Key, Message

SUPERSEDING = frozenset({"Update", "Cancel"})
STANDING = frozenset({"Alert", "Update"})
"""The types of message that may be in force. An Ack or an Error changes nothing for the public."""


def active(messages: Iterable[Message]) -> tuple[Message, ...]:
    """
    The messages in force, oldest first: those that no Update or Cancel took back, and that are not an all-clear.

    Depends on which messages there are only: not on their order, nor on how often each is there. An Update or a
    Cancel may be here before what it is about. It counts only for messages of its own sender and status, so that
    neither a stranger nor an exercise ends an alert, and only for such as were not sent after it. Expiry is left to
    the caller: what expired was not cleared (lessons.md 3).
    """
    held = set(messages)
    superseding: dict[Key, list[Message]] = defaultdict(list)
    for message in held:
        for key in _taken_back(message):
            superseding[key].append(message)
    standing = (
        message
        for message in held
        if message.type in STANDING
        and not is_all_clear(message)
        and not any(_ends(later, message) for later in superseding[message.key])
    )
    return tuple(sorted(standing, key=lambda message: (message.sent, message.key, repr(message))))


def is_all_clear(message: Message) -> bool:
    """Whether it says, in every language, that the danger is over. One that says so in some only, does not."""
    return bool(message.infos) and all("AllClear" in info.responses for info in message.infos)


def _taken_back(message: Message) -> Iterator[Key]:
    if message.type in SUPERSEDING:
        # Itself excepted: a message that refers to itself would vanish as soon as it came.
        yield from {reference.key for reference in message.references} - {message.key}


def _ends(later: Message, message: Message) -> bool:
    alike = later.key.sender == message.key.sender and later.status == message.status
    return alike and later.sent >= message.sent and not _mutual(later, message)


def _mutual(later: Message, message: Message) -> bool:
    """Two messages of the same second that each take the other back: then neither does, or both would vanish."""
    return later.sent == message.sent and later.key in _taken_back(message)
