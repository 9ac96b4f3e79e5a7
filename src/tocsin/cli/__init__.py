"""The command line. Heavy modules are imported by the commands that use them: `--help` answers at once."""
