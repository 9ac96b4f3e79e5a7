"""Prints our OpenAPI document, for the console's types: python -m tocsin.http.schema."""

import sys

import msgspec

from tocsin.http.app import describe

if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(describe()), indent=1))
