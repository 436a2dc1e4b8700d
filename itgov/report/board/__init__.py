"""The board pack: one self-contained HTML file, or the same in Markdown for a wiki."""
