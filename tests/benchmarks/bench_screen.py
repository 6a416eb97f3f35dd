"""How fast a page stands and follows a filter in a real Chromium, what it weighs, and the same in Vizro and Streamlit.

usage: python -m tests.benchmarks.bench_screen FOLDER [--no-peers]   (a folder of published builds; meant for 1,000,000 incidents)

Targets on 2 cores: a filter change painted ≤ 500 ms at the median and ≤ 1 s at p95, its server part ≤ 150 ms at the median; the first visit
with caches cold ≤ 2 s to meaningful paint (all numbers of the tiles) on loopback; what a visit and a change weigh is in
tests/browser/budget.toml. A change is timed from the press to the last change in any chart or tile. The peers draw six charts
(lines, dots, bars, heat map) from the same warehouse, and beside them our application draws the same six (six_cards.py); the window is so
tall that all stand in sight.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks import six_cards
from tests.chromium import FLAGS, chromium
from tests.serving import free_port, serving

PEERS = Path(__file__).parent / "peers"
PAGES = ("/", "/closure", "/workload", "/satisfaction", "/communities", "/service", "/departments")
CHANGES = (
    "period=last_4_weeks", "community=C03", "category=05", "period=this_year", "community=C01,C02&period=last_month",
    "period=last_year", "department=D07", "channel=hotline", "period=all", "compare=year_ago",
)  # fmt: skip
VISITS = 5
PAINTED_MS, PAINTED_P95_MS, SERVER_MS, FIRST_PAINT_MS = 500, 1000, 150, 2000
QUIET_MS = 600
TALL = 2400  # a window in which six charts of any tool are in sight
WATCH = """
window.__last = 0; window.__changed = [];
new MutationObserver((changes) => {
  const seen = new Set();
  for (const c of changes) {
    const at = c.target.nodeType === 1 ? c.target : c.target.parentElement;
    if (at?.closest?.('.js-plotly-plot, .tiles, main, [class*=stApp]')) (c.addedNodes.length ? [...c.addedNodes].map((n) => n.nodeType === 1 ? n : at) : [at]).forEach((n) => seen.add(n));
  }
  if (seen.size) { window.__last = performance.now(); window.__changed.push([window.__last, [...seen]]); }
}).observe(document, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['d', 'transform', 'x', 'y', 'points'] });
"""


@dataclass(frozen=True)
class Visit:
    """First visit with caches cold. meaningful: ms until the tiles' numbers (the first chart of a peer) stand · ready: all charts ·
    kilobytes, requests: over the wire."""

    meaningful: float
    ready: float
    kilobytes: float
    requests: int


def visits(browser: Browser, url: str, charts: int, meaningful: str, height: int = 900) -> Visit:
    """Medians of VISITS first visits, each in a fresh browser profile. charts: how many must stand for the page to be ready."""
    found = [_visit(browser, url, charts, meaningful, height) for _ in range(VISITS)]
    columns = ((v.meaningful, v.ready, v.kilobytes, v.requests) for v in found)
    meaningful_ms, ready, kilobytes, requests = (statistics.median(column) for column in zip(*columns, strict=True))
    return Visit(meaningful_ms, ready, kilobytes, int(requests))


def _visit(browser: Browser, url: str, charts: int, meaningful: str, height: int) -> Visit:
    context = browser.new_context(viewport={"width": 1440, "height": height})
    page = context.new_page()
    weight: list[float] = []
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    client.on("Network.loadingFinished", lambda event: weight.append(float(event["encodedDataLength"])))
    page.add_init_script(
        WATCH
        + f"""
window.__meaningful = 0; window.__ready = 0;
const look = () => {{
  if (!window.__meaningful && document.querySelector({meaningful!r})?.textContent.trim()) window.__meaningful = performance.now();
  const drawn = [...document.querySelectorAll('.js-plotly-plot')].filter((g) => g._fullData?.length && g.querySelector('.main-svg')).length;
  if (window.__meaningful && drawn >= {charts}) window.__ready = performance.now(); else requestAnimationFrame(look);
}};
requestAnimationFrame(look);"""
    )
    page.goto(url)
    page.wait_for_function("() => window.__ready", timeout=120_000)
    page.wait_for_timeout(QUIET_MS)
    times = page.evaluate("[window.__meaningful, window.__ready]")
    context.close()
    return Visit(times[0], times[1], sum(weight) / 1000, len(weight))


SEEN = """() => {
  const inSight = (node) => { const b = node.isConnected && node.getBoundingClientRect(); return b && b.width && b.top < innerHeight && b.bottom > 0; };
  const found = window.__changed.filter(([_, nodes]) => nodes.some(inSight));
  return found.length ? found[found.length - 1][0] : window.__last;
}"""
"""When something in the window last changed; what is drawn below it, for a reader who may scroll there, nobody waits for."""


def redraw(page: Page, press: Callable[[], Any]) -> float:
    """Milliseconds from a press to the last change that can be seen in the window."""
    start = page.evaluate("window.__changed = [], window.__last = 0, performance.now()")
    press()
    page.wait_for_function(f"() => window.__last && performance.now() - window.__last > {QUIET_MS}", timeout=120_000, polling=50)
    return float(page.evaluate(SEEN)) - float(start)


def ours(browser: Browser, address: str) -> tuple[list[float], list[float], list[float]]:
    """Painted ms, server ms and kB of every filter change on every page, each a view nobody has seen before."""
    painted, server, weights = [], [], []
    print(f"{'page':16}{'painted, ms':>24}{'server, ms':>14}{'kB':>18}")
    for path in PAGES:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(address + path)
        page.wait_for_selector("main h1")
        page.wait_for_timeout(3 * QUIET_MS)
        rows = []
        for change in CHANGES:
            page.evaluate("performance.clearResourceTimings()")
            took = redraw(page, partial(page.evaluate, "url => { township.go(url) }", f"{path}?{change}"))
            asked = page.evaluate(
                "performance.getEntriesByType('resource').filter((e) => e.name.includes('_dash-update')).map((e) => [e.responseStart - e.requestStart, e.encodedBodySize])"
            )
            rows.append((took, asked[0][0] if asked else 0.0, sum(b for _, b in asked) / 1000))
        context.close()
        columns = [list(column) for column in zip(*rows, strict=True)]
        medians = [statistics.median(column) for column in columns]
        print(
            f"{path:16}{medians[0]:14.0f} (≤ {max(columns[0]):.0f}){medians[1]:14.0f}{medians[2]:10.1f} (≤ {max(columns[2]):.1f})"
        )
        painted += columns[0]
        server += columns[1]
        weights += columns[2]
    return painted, server, weights


def report(folder: Path, *, peers: bool = True) -> bool:
    """Prints the tables; true when every target is met."""
    with sync_playwright() as playwright, serving(folder.parent) as address:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        urllib.request.urlopen(address + "/").read()
        first = visits(browser, address + "/", 2, ".tile-value")
        print(
            f"first visit of the overview: numbers {first.meaningful:.0f} ms, charts in sight {first.ready:.0f} ms, {first.kilobytes:.0f} kB"
        )
        painted, server, weights = ours(browser, address)
        middle, p95 = statistics.median(painted), statistics.quantiles(painted, n=20)[-1]
        behind = statistics.median(server)
        print(
            f"a filter change: median {middle:.0f} ms, p95 {p95:.0f} ms; server {behind:.0f} ms; {statistics.median(weights):.1f} kB"
        )
        if peers:
            _beside_peers(browser, folder)
        browser.close()
    return middle <= PAINTED_MS and p95 <= PAINTED_P95_MS and behind <= SERVER_MS and first.meaningful <= FIRST_PAINT_MS


def _beside_peers(browser: Browser, folder: Path) -> None:
    with serving(folder.parent, six_cards.draw) as address:
        urllib.request.urlopen(address + "/").read()
        mine = visits(browser, address + "/", 6, ".js-plotly-plot", TALL)
        own = _own_redraw(browser, address)
    print(f"\n{'six charts':12}{'first, ms':>14}{'ready, ms':>12}{'kB':>10}{'redraw, ms':>13}")
    print(f"{'ours':12}{mine.meaningful:14.0f}{mine.ready:12.0f}{mine.kilobytes:10.0f}{own:13.0f}")
    for name, url in _peers(folder):
        with url as found:
            visit = visits(browser, found, 6, ".js-plotly-plot", TALL)
            change = _peer_redraw(browser, found)
        print(f"{name:12}{visit.meaningful:14.0f}{visit.ready:12.0f}{visit.kilobytes:10.0f}{change:13.0f}")
        ratios = (visit.meaningful / mine.meaningful, visit.ready / mine.ready, visit.kilobytes / mine.kilobytes, change / own)
        print(f"{'  × ours':12}{ratios[0]:14.1f}{ratios[1]:12.1f}{ratios[2]:10.1f}{ratios[3]:13.1f}")


def _own_redraw(browser: Browser, address: str) -> float:
    """The periods the peers are asked for; those asked for twice a week longer, as a view seen before would come from memory."""
    context = browser.new_context(viewport={"width": 1440, "height": TALL})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address + "/")
    page.wait_for_timeout(4000)
    last = date.fromisoformat(page.evaluate("document.body.dataset.asOf.slice(0, 10)")) - timedelta(days=1)
    since = [f"from={last - timedelta(weeks=weeks, days=-1)}&to={last}" for weeks in (26, 12, 27, 13)]
    times = [
        redraw(page, partial(page.evaluate, "url => { township.go(url) }", f"/?{view}"))
        for view in (since[0], "period=all", *since[1:])
    ]
    context.close()
    return statistics.median(times)


def _peer_redraw(browser: Browser, url: str) -> float:
    context = browser.new_context(viewport={"width": 1440, "height": TALL})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(url)
    page.wait_for_function("() => document.querySelectorAll('.js-plotly-plot .main-svg').length >= 6", timeout=120_000)
    page.wait_for_timeout(4000)
    labels = ("26 weeks", "all", "12 weeks", "26 weeks", "12 weeks")
    times = [redraw(page, page.locator("label", has_text=label).first.click) for label in labels]
    context.close()
    return statistics.median(times)


def _peers(folder: Path) -> Iterator[tuple[str, Any]]:
    python = _installed()
    (pointer,) = [line for line in (folder / "CURRENT").read_text(encoding="utf-8").split('"') if line.endswith(".duckdb")][:1]
    environment = {**os.environ, "WAREHOUSE": str(folder / pointer)}
    port = free_port()
    yield "Vizro", _running([python, "vizro_app.py"], {**environment, "PORT": str(port)}, port)
    port = free_port()
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    command = [python, "-m", "streamlit", "run", "streamlit_app.py", *options, "--browser.gatherUsageStats", "false"]
    yield "Streamlit", _running(command, environment, port)


def _installed() -> str:
    """The Python of an environment with the peers in it, made once a machine."""
    place = Path(tempfile.gettempdir()) / "township_peers"
    python = place / "bin" / "python"
    if not (place / "done").exists():
        print("installing Vizro and Streamlit for the comparison …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(PEERS / "requirements.txt")]
        subprocess.run(install, check=True)
        (place / "done").touch()
    return str(python)


@contextmanager
def _running(command: list[str], environment: dict[str, str], port: int) -> Iterator[str]:
    process = subprocess.Popen(command, cwd=PEERS, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(url).read()
                break
            except OSError:
                time.sleep(0.5)
        yield url
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    sys.exit(0 if report(Path(sys.argv[1]), peers="--no-peers" not in sys.argv) else 1)
