"""What opens over the room: help, palette, pickers, diffs."""
