"""A review session in the room: opened and closed, its decisions, its agenda."""
