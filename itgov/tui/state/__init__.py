"""What the room shows of one portfolio on one day, as rows that can be found.  Nothing here knows Textual."""
