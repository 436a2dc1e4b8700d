"""Review sessions: the agenda, the decisions, the store that keeps them, and the minutes."""
