"""
Cell broadcast messages as phones and broadcast centres read them (3GPP TS 23.041 and TS 23.038).

`encode` makes pages of a text, `decode` reads them again. Nothing here sends: `channels.cell_broadcast` does.
"""

from tocsin.formats.cell_broadcast.area import Circle, Polygon, WarningArea, read_area, write_area
from tocsin.formats.cell_broadcast.coding import Encoding, carriable
from tocsin.formats.cell_broadcast.identifiers import EXERCISES, LEVELS, Pair, identifier, meaning
from tocsin.formats.cell_broadcast.message import MOST_PAGES, Decoded, Message, decode, encode
from tocsin.formats.cell_broadcast.serial import Scope, SerialNumber

__all__ = [
    "EXERCISES",
    "LEVELS",
    "MOST_PAGES",
    "Circle",
    "Decoded",
    "Encoding",
    "Message",
    "Pair",
    "Polygon",
    "Scope",
    "SerialNumber",
    "WarningArea",
    "carriable",
    "decode",
    "encode",
    "identifier",
    "meaning",
    "read_area",
    "write_area",
]
