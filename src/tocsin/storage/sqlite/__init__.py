"""The journal in one SQLite file: write-ahead log, full sync, one writer thread with group commit."""

from tocsin.storage.sqlite.journal import SqliteJournal

__all__ = ["SqliteJournal"]
