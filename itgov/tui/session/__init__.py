"""A review session in the room: its chair, its decisions, its agenda."""
