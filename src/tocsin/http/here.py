"""How a route gets the system it works on."""

from typing import TypeAlias

from litestar.di import NamedDependency

from tocsin.flow.system import System

Here: TypeAlias = NamedDependency[System]
"""The running system, under the parameter name `system`."""
