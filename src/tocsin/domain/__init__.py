"""The rules of the trade: commands, events, state, decide, evolve. Pure: no clock, no I/O, no log."""
