"""People without git: what the business fills in, as a sheet out and guarded edits back in."""
