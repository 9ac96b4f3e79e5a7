"""Settings to a running system. The only place that names the adapters."""

from tocsin.wiring.loops import Loops
from tocsin.wiring.settings import CellBroadcast, Mqtt, Settings, Telegram, read_settings
from tocsin.wiring.system import Running, beside, make_views, open_system

__all__ = [
    "CellBroadcast",
    "Loops",
    "Mqtt",
    "Running",
    "Settings",
    "Telegram",
    "beside",
    "make_views",
    "open_system",
    "read_settings",
]
