"""The review room: a terminal UI over the same functions as the command line."""
