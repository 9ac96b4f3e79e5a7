"""Simulated sirens: the rules a siren in the field keeps, and a fleet of them on a real MQTT broker."""

from tocsin.channels.siren_device.fleet import Fleet
from tocsin.channels.siren_device.rules import GUARD, MAXIMUM_SOUNDING, NONCES, SirenDevice, SirenState

__all__ = ["GUARD", "MAXIMUM_SOUNDING", "NONCES", "Fleet", "SirenDevice", "SirenState"]
