"""Where Chromium is. Run as a module it says in one sentence what to install when there is none."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
NO_FEATURES = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",  # pages behind the address bar: a second of processor a window
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints",
    "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning",  # Playwright's own, as the last such list is the only one
)  # fmt: skip
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-features=" + ",".join(NO_FEATURES),
)  # fmt: skip


def chromium() -> str | None:
    """The path of a Chromium: CHROMIUM_PATH, else the first of NAMES on the PATH, else Playwright's own."""
    named = os.environ.get("CHROMIUM_PATH")
    if named:
        return named
    return next((path for name in NAMES if (path := shutil.which(name))), None) or _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    if chromium() is None:
        sys.exit(
            "浏览器测试需要 Chromium：Debian/Ubuntu 请运行 apt-get install -y chromium，"
            "其他系统请运行 .venv/bin/python -m playwright install chromium，或用 CHROMIUM_PATH 指明它的位置"
        )
