"""The record: attacks on the city, what was launched, what it hit, and what was said about it. With sources."""

from tocsin.domain.record.attacks import ATTACK, MISSILES, WeaponClass, weapon_classes
from tocsin.domain.record.statements import STATEMENT

RECORD = (ATTACK, STATEMENT)

__all__ = ["ATTACK", "MISSILES", "RECORD", "STATEMENT", "WeaponClass", "weapon_classes"]
