"""A graph as a Mermaid flowchart, which GitHub and GitLab draw in Markdown."""

from __future__ import annotations

from itgov.report.blocks import Graph
from itgov.report.plain import cut, plain

_TITLE = 60
"""Most characters of a title in a box."""


def mermaid(graph: Graph) -> str:
    """Return a graph as a fenced flowchart; what it is cut to stands below it.

    Boxes have names of ours; what they show is plain letters, digits and entity codes, so that
    nothing from a file is read as Mermaid or HTML.
    """
    boxes: dict[str, str] = {}
    lines = ["```mermaid", "flowchart LR"]
    shown = graph.arrows[: graph.most]
    for arrow in shown:
        for identifier, title in (arrow.start, arrow.end):
            if identifier not in boxes:
                boxes[identifier] = f"n{len(boxes)}"
                text = f"{cut(plain(identifier), _TITLE)} {cut(plain(title), _TITLE)}".strip()
                lines.append(f'  {boxes[identifier]}["{_harmless(text)}"]')
    for arrow in shown:
        joint = "-. circle .->" if arrow.marked else "-->"
        lines.append(f"  {boxes[arrow.start[0]]} {joint} {boxes[arrow.end[0]]}")
    lines.append("```")
    if len(shown) < len(graph.arrows):
        lines += ["", f"The first {len(shown):,} of {len(graph.arrows):,} are drawn."]
    return "\n".join(lines)


def _harmless(text: str) -> str:
    return "".join(c if c.isalnum() or c in " -_.,/()" else f"#{ord(c)};" for c in text)
