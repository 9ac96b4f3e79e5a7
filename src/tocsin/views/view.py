"""What every view is: a state, and what each kind of event does to it."""

from collections.abc import Callable, Mapping
from typing import ClassVar, Generic, TypeAlias, TypeVar

import msgspec

from tocsin.kernel.errors import Corrupt
from tocsin.kernel.event import Event, Recorded

StateT = TypeVar("StateT", bound=msgspec.Struct)
Handler: TypeAlias = Callable[[Recorded], None]


class View(Generic[StateT]):
    """
    A fold. Not safe to change from two threads; `flow.project` is the only one that does.

    Attributes:
        name: Of the view, for its snapshot.
        version: Raise it when the same events would give another state, so that old snapshots are dropped.
        state: Everything the view knows. It can be written to a snapshot and read back.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1

    def __init__(self, state: StateT) -> None:
        self.state = state

    def handlers(self) -> Mapping[type[Event], Handler]:
        """What to do with each kind of event that matters to this view. All others pass by."""
        raise NotImplementedError

    def dump(self) -> bytes:
        return msgspec.msgpack.encode(self.state)

    def load(self, dumped: bytes) -> None:
        """
        Raises:
            Corrupt: If it is not a state of this view.
        """
        try:
            self.state = msgspec.msgpack.decode(dumped, type=type(self.state))
        except msgspec.DecodeError as error:
            raise Corrupt(f"the snapshot of {self.name} cannot be read: {error}") from error
