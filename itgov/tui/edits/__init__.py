"""Edits from the room: what is asked, the proposal that follows, and what becomes of it."""
