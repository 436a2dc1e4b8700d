"""The portfolio as flat tables: out as CSV, XLSX or SQLite, and taken back as edits."""
