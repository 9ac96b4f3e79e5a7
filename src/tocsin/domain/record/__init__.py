"""The record: attacks on the city, what was launched, what it hit, and what was said about it. With sources."""

from tocsin.domain.record.attack_rules import ATTACK
from tocsin.domain.record.attacks import MISSILES, WeaponClass, weapon_classes
from tocsin.domain.record.history import HISTORY
from tocsin.domain.record.statements import STATEMENT

RECORD = (ATTACK, STATEMENT, HISTORY)

__all__ = ["ATTACK", "HISTORY", "MISSILES", "RECORD", "STATEMENT", "WeaponClass", "weapon_classes"]
