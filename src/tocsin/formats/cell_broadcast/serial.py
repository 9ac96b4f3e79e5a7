"""The serial number: by it a phone knows a message it has shown from a new one (3GPP TS 23.041, 9.4.1.2.1)."""

from enum import StrEnum

import msgspec

from tocsin.kernel.errors import Invalid

CODES = 1024
UPDATES = 16


class Scope(StrEnum):
    """Over what area a serial number is one and the same message; also how it is displayed, where that is left open."""

    CELL_WIDE_IMMEDIATE = "cell_wide_immediate"
    PLMN_WIDE = "plmn_wide"
    LAC_SAC_TAC_WIDE = "lac_sac_tac_wide"
    CELL_WIDE = "cell_wide"


_SCOPES = tuple(Scope)


class SerialNumber(msgspec.Struct, frozen=True):
    """
    16 bits: two of scope, ten of message code, four of update number.

    The same message sent again keeps its number, and phones show it once. A changed text is the next update of the
    same code. A new alert is a new code. In the PLMN-wide scope a phone that moves to another cell does not sound
    again.

    Raises:
        Invalid: If the code or the update number is out of range.
    """

    code: int
    update: int = 0
    scope: Scope = Scope.PLMN_WIDE

    def __post_init__(self) -> None:
        if not 0 <= self.code < CODES:
            raise Invalid(f"{self.code} is not a message code from 0 to {CODES - 1}", "message_code")
        if not 0 <= self.update < UPDATES:
            raise Invalid(f"{self.update} is not an update number from 0 to {UPDATES - 1}", "update_number")

    @property
    def number(self) -> int:
        return _SCOPES.index(self.scope) << 14 | self.code << 4 | self.update

    @classmethod
    def of(cls, number: int) -> "SerialNumber":
        """
        Raises:
            Invalid: If it does not fit 16 bits.
        """
        if not 0 <= number <= 0xFFFF:
            raise Invalid(f"{number} is not a number of 16 bits", "serial_number")
        return cls(number >> 4 & 0x3FF, number & 0xF, _SCOPES[number >> 14])

    def changed(self) -> "SerialNumber":
        """Of the same message with another text. Update numbers run in a circle of sixteen."""
        return SerialNumber(self.code, (self.update + 1) % UPDATES, self.scope)

    def following(self) -> "SerialNumber":
        """Of the next message. Codes run in a circle of 1024."""
        return SerialNumber((self.code + 1) % CODES, 0, self.scope)
