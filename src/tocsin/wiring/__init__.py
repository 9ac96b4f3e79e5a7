"""Settings to a running system. The only place that names the adapters."""

from tocsin.wiring.channels import kinds, open_channels
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
    "kinds",
    "make_views",
    "open_channels",
    "open_system",
    "read_settings",
]
