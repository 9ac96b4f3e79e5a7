"""Settings to a running system. The only place that names the adapters."""

from tocsin.wiring.loops import Loops
from tocsin.wiring.settings import Settings, read_settings
from tocsin.wiring.sirens import Mqtt
from tocsin.wiring.system import Running, beside, make_views, open_system

__all__ = [
    "Loops",
    "Mqtt",
    "Running",
    "Settings",
    "beside",
    "make_views",
    "open_system",
    "read_settings",
]
