"""What follows from a portfolio: health, line of sight, scorecards, comparison, trend."""
