"""Tocsin: civil protection for a city under air attack."""

__version__ = "0.1.0"
