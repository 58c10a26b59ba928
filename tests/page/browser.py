"""A Chromium without a window, that keeps what pages said and asked for.

CHROME and CHROMEDRIVER name others than Debian's: make test CHROME=/usr/bin/google-chrome CHROMEDRIVER=...
"""
import json
import os
import shutil
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --hide-scrollbars"
).split()


class Browser:
    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="page-")
        options = Options()
        options.binary_location = os.environ.get("CHROME") or "/usr/bin/chromium"
        for flag in FLAGS + [f"--user-data-dir={self.profile}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        options.set_capability("unhandledPromptBehavior", "ignore")
        self.driver = webdriver.Chrome(service=Service(os.environ.get("CHROMEDRIVER") or "/usr/bin/chromedriver"), options=options)
        self.driver.set_script_timeout(20)
        self.driver.set_page_load_timeout(60)

    def close(self):
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    def command(self, name, **arguments):
        return self.driver.execute_cdp_cmd(name, arguments)

    def open(self, url, width=1280, theme="light", script=True):
        """Loads a page that has drawn all it wants to when this returns."""
        self.command("Emulation.setScriptExecutionDisabled", value=not script)
        self.command(
            "Emulation.setEmulatedMedia", media="", features=[{"name": "prefers-color-scheme", "value": theme}]
        )
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600
        )
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.driver.get(url)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def errors(self):
        return [
            line["message"] for line in self.driver.get_log("browser") if line["level"] in ("SEVERE", "WARNING")
        ]

    def requests(self):
        """Addresses that the page asked for, its own first."""
        asked = []
        for line in self.driver.get_log("performance"):
            message = json.loads(line["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.append(message["params"]["request"]["url"])
        return asked
