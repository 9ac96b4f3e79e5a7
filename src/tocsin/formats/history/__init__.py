"""Data sets of past alerts and launches: CSV files of others into rows of the record, with what is odd about each."""

from tocsin.formats.history.layout import Layout, find_layout, read_layout, shipped
from tocsin.formats.history.oddities import OddRow
from tocsin.formats.history.read import ReadFile, read_history

__all__ = ["Layout", "OddRow", "ReadFile", "find_layout", "read_history", "read_layout", "shipped"]
