"""The pack in a real browser, where one is installed."""

from __future__ import annotations

import json
import re
import subprocess
from html import unescape
from pathlib import Path

import pytest

from itgov.report.board.pack import board_pack
from itgov.report.write_html import html as html_of
from itgov.rules.catalogue import RuleBook

from ..support.browser import CHROMIUM, in_chromium
from .conftest import board_with

PROBE = """\
<!DOCTYPE html><body><iframe id="f" src="board.html" width="WIDTH" height="800"></iframe><script>
document.getElementById("f").onload = function () {
  const d = this.contentDocument, w = this.contentWindow;
  const off = [...d.querySelectorAll("h1,h2,h3,p,li,svg.chart,dd,.scroll")].filter(
    e => e.getBoundingClientRect().right > w.innerWidth + 1 && !e.closest(".skip"));
  const out = document.createElement("pre");
  out.id = "told";
  out.textContent = JSON.stringify({
    width: d.documentElement.scrollWidth, inner: w.innerWidth,
    off: off.map(e => e.tagName + " " + e.textContent.slice(0, 60)),
    paper: w.getComputedStyle(d.body).backgroundColor, scripts: d.scripts.length,
    charts: [...d.querySelectorAll("svg.chart")].map(e => e.getBoundingClientRect().height > 40),
    bar: (e => e && w.getComputedStyle(e).fill)(d.querySelector(".chart.scores rect"))});
  document.body.append(out);
};
</script>
"""


def chromium(*arguments: str) -> str:
    done = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
         "--disable-dev-shm-usage", "--allow-file-access-from-files", *arguments],
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    return done.stdout.decode("utf-8", "replace")


def probe(folder: Path, html: str, width: int, *arguments: str) -> dict:
    (folder / "board.html").write_text(html, encoding="utf-8")
    (folder / "probe.html").write_text(PROBE.replace("WIDTH", str(width)), encoding="utf-8")
    profile = f"--user-data-dir={folder / 'profile'}"
    told = chromium(
        profile, "--window-size=1400,900", "--virtual-time-budget=8000", "--dump-dom", *arguments,
        (folder / "probe.html").as_uri(),
    )  # fmt: skip
    found = re.search(r'<pre id="told">(.*?)</pre>', told, re.DOTALL)
    assert found is not None, told[-500:]
    return json.loads(unescape(found.group(1)))


@in_chromium
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_leaves_the_screen(tmp_path: Path, html: str, width: int) -> None:
    told = probe(tmp_path, html, width)
    assert told["off"] == []
    assert told["width"] <= told["inner"]
    assert told["scripts"] == 0
    assert len(told["charts"]) > 20
    assert all(told["charts"])
    assert told["paper"] == "rgb(255, 255, 255)"
    assert told["bar"] == "rgb(61, 90, 128)"


@in_chromium
@pytest.mark.parametrize("width", [390, 1280])
def test_long_words_leave_it_neither(tmp_path: Path, book: RuleBook, width: int) -> None:
    html = html_of(board_pack(board_with(book, "Wxyz" * 60, f"https://example.org/{'q' * 300}")))
    told = probe(tmp_path, html, width)
    assert told["off"] == []
    assert told["width"] <= told["inner"]


@in_chromium
def test_dark(tmp_path: Path, html: str) -> None:
    told = probe(tmp_path, html, 1280, "--blink-settings=preferredColorScheme=0")
    assert told["paper"] == "rgb(21, 23, 26)"
    assert told["bar"] == "rgb(143, 176, 214)"


@in_chromium
def test_it_prints(tmp_path: Path, html: str) -> None:
    (tmp_path / "board.html").write_text(html, encoding="utf-8")
    place = tmp_path / "board.pdf"
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    chromium(profile, f"--print-to-pdf={place}", (tmp_path / "board.html").as_uri())
    pdf = place.read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert sheets(pdf) >= html.count('class="page')
    assert b"/Subtype /Image" not in pdf  # charts stay shapes, and the file small


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@in_chromium
def test_what_stands_before_the_appendix_is_twelve_sheets_at_most(
    tmp_path: Path, html: str
) -> None:
    first, _, rest = html.partition("<section")
    pages = re.findall(r"<section.*?</section>", f"<section{rest}", re.DOTALL)
    brief = [p for p in pages if 'class="page brief"' in p]
    assert pages[: len(brief)] == brief
    whole = f"{first}{''.join(brief)}</main></body></html>"
    alone = {p[:200]: f"{first.split('<header')[0]}<main>{p}</main></body></html>" for p in brief}
    printed = {}
    for name, page in {"": whole, **alone}.items():
        (tmp_path / "board.html").write_text(page, encoding="utf-8")
        place = tmp_path / "board.pdf"
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        chromium(profile, f"--print-to-pdf={place}", (tmp_path / "board.html").as_uri())
        printed[name] = sheets(place.read_bytes())
    assert printed.pop("") <= 12
    assert list(printed.values())[1:] == [1] * (len(brief) - 1)  # a sheet for each unit
