"""Text in and out: reading with positions, refusing what is hostile, git revisions."""
