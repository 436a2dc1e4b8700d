"""How the board pack looks: two palettes with the contrasts that they keep, and one style sheet.

Colours stand here as data, so that a test can compute every contrast.
"""

from __future__ import annotations

from itgov.model.reach import REACH_GROUPS

LIGHT = {
    "paper": "#ffffff",
    "ink": "#1b1d21",
    "quiet": "#55595f",
    "line": "#d5d8dc",
    "wash": "#f5f6f7",
    "link": "#1f4e79",
    "mark": "#3d5a80",
    "alarm": "#9c2a10",
}
DARK = {
    "paper": "#15171a",
    "ink": "#e9eaec",
    "quiet": "#a9aeb5",
    "line": "#3a3f46",
    "wash": "#1e2125",
    "link": "#9cc4ec",
    "mark": "#8fb0d6",
    "alarm": "#ffa48c",
}
TEXTS = ("ink", "quiet", "link", "alarm")
"""Colours that text has."""
GROUNDS = ("paper", "wash")
"""Colours that text stands on."""
SHAPES = ("mark", "alarm", "ink", "quiet")
"""Colours that bars and lines of charts have."""

_STRIPES = {
    "unlinked": (4, 4, 0.35),
    "uncounted": (5, -5, 0.14),
    "unimproved": (3, -3, 0.55),
}
"""What fills each group of reaches but the last, which is full: how far the stripes repeat to the right and
down, and the share that is drawn.  No meaning hangs on a colour.  Stripes are made of stops rather
than of an SVG pattern, because browsers print a pattern as a picture, a megabyte for each page."""

FILLS = {
    "unlinked": "alarm",
    "uncounted": "mark",
    "unimproved": "mark",
    "improved": "mark",
}


def patterns() -> str:
    """Return the SVG that holds the fill of each group of reaches; nothing of it is seen itself."""
    drawn = "".join(
        f'<linearGradient id="fill-{key}" gradientUnits="userSpaceOnUse" spreadMethod="repeat" '
        f'x1="0" y1="0" x2="{right}" y2="{down}" class="of-{key}"><stop class="on"/>'
        f'<stop class="on" offset="{share}"/><stop offset="{share}"/><stop offset="1"/>'
        "</linearGradient>"
        for key, (right, down, share) in _STRIPES.items()
    )
    return f'<svg width="0" height="0" class="defs" aria-hidden="true"><defs>{drawn}</defs></svg>'


def _variables(palette: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in palette.items())


def _reaches() -> str:
    rules = []
    for group in REACH_GROUPS:
        key = group.key
        color = FILLS[key]
        fill = f"url(#fill-{key})" if key in _STRIPES else f"var(--{color})"
        rules.append(
            f".of-{key} .on{{stop-color:var(--{color})}}"
            f".is-{key}{{fill:{fill};stroke:var(--{color});stroke-width:1}}"
        )
    return "\n".join(rules)


def style_sheet() -> str:
    """Return the whole style sheet."""
    return (
        _SHEET.replace("/*LIGHT*/", _variables(LIGHT))
        .replace("/*DARK*/", _variables(DARK))
        .replace("/*REACHES*/", _reaches())
    )


_SHEET = """
:root{color-scheme:light dark;/*LIGHT*/}
@media (prefers-color-scheme:dark){:root{/*DARK*/}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
header,nav,main,footer{max-width:70rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:3.5rem}
h1,h2,h3{line-height:1.2;font-weight:600;letter-spacing:-.01em;text-wrap:balance;overflow-wrap:anywhere}
h1{font-size:2.2rem;margin:0 0 .4rem}
h2{font-size:1.6rem;margin:0 0 .5rem}
h3{font-size:1.1rem;margin:2.75rem 0 .6rem}
p,ul,ol{margin:.5rem 0;max-width:44rem}
p,li,td,th,dd,caption{overflow-wrap:break-word;unicode-bidi:isolate}
a{color:var(--link);text-underline-offset:.15em}
td a{overflow-wrap:anywhere}
td a[href^="#"],th a[href^="#"]{display:inline-block;min-width:6.2em;overflow-wrap:anywhere}
a:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--link);outline-offset:3px}
.kicker{margin:0 0 .3rem;color:var(--quiet);font-size:.85rem;letter-spacing:.06em;text-transform:uppercase}
.lead{color:var(--quiet)}
.quiet{color:var(--quiet);font-size:.9rem}
.alarm{color:var(--alarm);font-weight:600}
.skip{position:absolute;left:-99rem;top:0;padding:.6rem 1rem;background:var(--paper)}
.skip:focus{left:0;z-index:1}
.defs{position:absolute}
stop{stop-color:var(--paper)}
nav{margin-top:2.5rem}
nav ul{list-style:none;padding:0;margin:.3rem 0 1.1rem;max-width:none;columns:17rem;column-gap:2rem}
nav li{break-inside:avoid;overflow-wrap:anywhere;padding:.12rem 0}
nav p{margin:0;font-weight:600}
.page{border-top:2px solid var(--ink);margin-top:4.5rem;padding-top:1.5rem}
.notice{border-left:4px solid var(--alarm);background:var(--wash);padding:.8rem 1.2rem;margin:1.5rem 0;max-width:48rem}
.figures{display:flex;flex-wrap:wrap;gap:1.5rem 3rem;margin:1.5rem 0 1.2rem;padding:0}
.figures div{min-width:8rem;max-width:100%;overflow-wrap:anywhere}
.figures dt{color:var(--quiet);font-size:.85rem}
.figures dd{margin:0;font-size:1.7rem;font-weight:600;line-height:1.25;font-variant-numeric:tabular-nums}
.figures .words{font-size:1.1rem;line-height:1.5}
.beside{display:grid;grid-template-columns:minmax(0,27.5rem) minmax(0,1fr);gap:1rem 2.5rem;align-items:start}
figure{margin:.8rem 0}
.scroll{overflow-x:auto;margin:.8rem 0;-webkit-overflow-scrolling:touch}
table{border-collapse:collapse;width:100%;font-size:.9rem;line-height:1.45;font-variant-numeric:tabular-nums}
caption{max-width:calc(100vw - 2.5rem);text-align:left;color:var(--quiet);padding:0 0 .5rem;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .9rem .45rem 0;border-bottom:1px solid var(--line)}
th:last-child,td:last-child{padding-right:0}
thead th{border-bottom:1px solid var(--quiet);font-weight:600;vertical-align:bottom}
tbody th{font-weight:400}
.n{text-align:right;white-space:nowrap}
.nowrap{white-space:nowrap}
.wide{min-width:11rem}
tfoot th,tfoot td{font-weight:600;border-bottom:0}
code{font:.86em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.swatch{width:1.1rem;height:.8rem;margin-right:.5rem;vertical-align:-.05rem}
.chart{display:block;width:100%;max-width:27.5rem;height:auto;overflow:visible;
font:12px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
.chart text{fill:var(--ink)}
.chart .grid,.chart .base{fill:none;stroke:var(--line);stroke-width:1}
.chart .base{stroke:var(--quiet)}
.chart .tick{text-anchor:middle;fill:var(--quiet)}
.chart .name{text-anchor:end}
.chart .bar,.chart .dot{fill:var(--mark)}
.chart .course-line{fill:none;stroke:var(--mark);stroke-width:2}
.chart .plan{fill:none;stroke:var(--ink);stroke-width:2}
.chart .then{fill:none;stroke:var(--ink);stroke-dasharray:3 3;stroke-width:1.5}
.chart .bound{fill:none;stroke:var(--quiet);stroke-dasharray:5 4;stroke-width:1}
.chart .inside,.chart .figure{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.chart .inside{text-anchor:middle}
/*REACHES*/
.chart .in-improved{fill:var(--paper);stroke:none}
footer{color:var(--quiet);font-size:.9rem;margin-top:5rem;padding-bottom:4rem}
footer p{border-top:1px solid var(--line);padding-top:1.2rem;max-width:none}
@media (max-width:74rem){.beside{grid-template-columns:minmax(0,23rem) minmax(0,1fr);gap:1rem 1.5rem}}
@media (max-width:66rem){.beside{grid-template-columns:minmax(0,1fr)}}
@media (max-width:34rem){header{padding-top:2rem}h1{font-size:1.7rem}h2{font-size:1.35rem}
.page{margin-top:3rem}.figures{gap:1rem 2rem}.figures dd{font-size:1.4rem}.scroll table{min-width:30rem}}
@media print{:root{color-scheme:light;/*LIGHT*/}
@page{size:A4;margin:11mm 13mm}
body{font-size:10pt}
header,nav,main,footer{max-width:none;padding:0}
header{padding-top:0}
.skip{display:none}
.page{break-before:page;margin-top:0;border-top:0;padding-top:0}
nav{display:none}
.page:first-child{break-before:auto;margin-top:.6rem}
.brief{font-size:8.5pt;line-height:1.26}
.brief .beside{grid-template-columns:7cm minmax(0,1fr)}
.brief p,.brief ul{max-width:none;margin:.2rem 0}
.brief ul{padding-left:1.2rem}
.brief h2{margin-bottom:.2rem}
.brief h3{margin:.42rem 0 .08rem;font-size:10.5pt}
.brief table,.brief caption{font-size:8pt}
.brief th,.brief td{padding-top:.12rem;padding-bottom:.12rem}
.brief .beside,.brief figure,.brief .scroll{margin:.2rem 0}
h2,h3,caption{break-after:avoid}
tr,figure,.notice,.beside,.figures{break-inside:avoid}
thead{display:table-header-group}
tfoot{display:table-row-group}
.scroll{overflow:visible}
.beside{grid-template-columns:8.5cm minmax(0,1fr);gap:.5cm}
table,caption{font-size:8.5pt}
th,td{padding-right:.5rem}
h3{margin-top:1.6rem}
.n{white-space:normal}
.figures{gap:.6rem 2rem}
.figures div{min-width:6rem}
.figures dd{font-size:14pt}
.figures .words{font-size:11pt}
.wide{min-width:0}
.chart,.swatch{print-color-adjust:exact;-webkit-print-color-adjust:exact}
a{color:inherit;text-decoration:none}}
"""
