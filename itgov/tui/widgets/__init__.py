"""The building blocks of the room: table, text, bars."""
