"""What a portfolio is: types and derived facts.  No I/O, no YAML, no rules."""
