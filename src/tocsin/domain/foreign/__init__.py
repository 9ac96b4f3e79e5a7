"""
Messages of other warning services: what came, from where, and what could not be read.

`message` is what one says, `fold` which of them are in force, `receiving` how they come into the journal. They inform
our officers; none of them ever sounds a siren of ours.
"""

from tocsin.domain.foreign.fold import active, is_all_clear
from tocsin.domain.foreign.message import Area, Info, Key, Message, Reference
from tocsin.domain.foreign.receiving import (
    FOREIGN_ALERT,
    ForeignAlertReceived,
    ForeignAlertRejected,
    ReceiveForeignAlert,
    RejectForeignAlert,
)

__all__ = [
    "FOREIGN_ALERT",
    "Area",
    "ForeignAlertReceived",
    "ForeignAlertRejected",
    "Info",
    "Key",
    "Message",
    "ReceiveForeignAlert",
    "Reference",
    "RejectForeignAlert",
    "active",
    "is_all_clear",
]
