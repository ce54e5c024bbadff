"""A headless Chromium, driven by selenium, where both are found."""

from __future__ import annotations

import json
import shutil
import time
from contextlib import suppress

import pytest

CHROMIUM = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)
DRIVER = shutil.which("chromedriver")


def start(width=1400, height=1000):
    """Return a browser that keeps what pages say and ask for; skip the test where there is none."""
    pytest.importorskip("selenium")
    if CHROMIUM is None or DRIVER is None:
        pytest.skip("needs chromium and chromedriver")
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    options = ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--window-size={width},{height}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return Chrome(options=options, service=ChromeService(DRIVER))


def messages(driver):
    """Return what the console says since it was asked last."""
    return [entry["message"] for entry in driver.get_log("browser")]


def asked_for(driver):
    """Return the addresses that the page has asked for since this was asked last."""
    events = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]


def until(found, patience=30):
    """Return what a function returns once that is something: a page does things when it comes to them."""
    from selenium.common.exceptions import StaleElementReferenceException

    end = time.monotonic() + patience
    while time.monotonic() < end:
        with suppress(StaleElementReferenceException):
            if value := found():
                return value
        time.sleep(0.02)
    raise AssertionError("the page does not come to it")
