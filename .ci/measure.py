"""Measure the pages of a site with the demo school in Chromium: measure.py URL FOLDER. `.ci/measure` runs it.

FOLDER contains the npm packages lighthouse and vnu-jar. A figure that misses its target is marked.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import deque
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import sync_playwright

SITE, TOOLS = sys.argv[1], Path(sys.argv[2])
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
ROOM = "/rooms/common/"
DEVICES = {
    "phone": {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True},
    "desktop": {"viewport": {"width": 1280, "height": 800}},
}
RUNS = 5
LOAD, INTERACTION, SHIFT, SCORE = 1300, 64, 0.05, 95  # targets: milliseconds, milliseconds, layout shift, points
SLOW_NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 2e5, "uploadThroughput": 2e5}  # ms and bytes/s
# Collects the interactions and layout shifts of all pages of a tab.
OBSERVER = """
const seen = window.seen = JSON.parse(sessionStorage.getItem("seen") ?? "[]");
const add = (entries) => {
  for (const { entryType, name, duration, interactionId, value, hadRecentInput } of entries) {
    if (interactionId || (value && !hadRecentInput)) seen.push({ type: entryType, name, duration, value });
  }
  sessionStorage.setItem("seen", JSON.stringify(seen));
};
for (const type of ["event", "layout-shift"]) {
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ type, buffered: true, durationThreshold: 16 });
  addEventListener("pagehide", () => add(observer.takeRecords()));
}
"""
# Parts of an address that stand for many objects: two addresses of each kind are checked.
NAMES = re.compile(
    r"(?<=/users/)[^/]+|(?<=/members/)(?!add|import|cards)[^/]+(?=/)|\d+|(?<=/join/)[^/]+|(?<=[?&]q=)[^&]+"
)
# Files, and the forms of the admin, which Django renders.
SKIPPED = re.compile("/(static|media|attachments|live|logout)/|/admin/(jsi18n|password_change|[a-z]+/[a-z]+/.)")


class Links(HTMLParser):
    """The addresses in `found` to which a page links, and `forms`: the ids of the forms to which its buttons belong."""

    def __init__(self, html):
        super().__init__()
        self.found, self.forms = [], set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.found += [
            attrs[name] for name in ("href", "data-popover", "data-url") if attrs.get(name) and tag != "link"
        ]
        self.forms |= {attrs["form"]} if attrs.get("form") else set()


def print_figure(name, value, target, is_met, detail=""):
    print(f"{name:<46}{value:>9}{target:>9}  {'met' if is_met else 'MISSED'}  {detail}", flush=True)


def _run(command):
    return subprocess.run(command, capture_output=True, text=True, cwd=TOOLS)  # noqa: S603


def sign_in(context, username):
    page = context.new_page()
    page.goto(f"{SITE}/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", "paper-planes-42")
    page.locator("main [type=submit]").first.click()
    page.wait_for_url("**/home/**")
    page.close()


def save_pages(request, user, folder):
    """Save the pages to which the pages of `user` link, and the fragments, as parts of a page."""
    pending, seen, kinds = deque(["/", "/home/", "/nothing/", f"{ROOM}?present", "/rooms/archived/"]), set(), {}
    while pending:
        address = pending.popleft()
        kind = NAMES.sub("N", address)
        if address in seen or kinds.get(kind, 0) == 2 or SKIPPED.match(address):
            continue
        seen.add(address)
        kinds[kind] = kinds.get(kind, 0) + 1
        response = request.get(SITE + address)
        if "html" not in response.headers.get("content-type", ""):
            continue
        html = response.text()
        links = Links(html)
        if "<!doctype html>" not in html.lower():
            forms = "".join(f'<form id="{form}"></form>' for form in links.forms)
            html = f'<!doctype html><html lang="en"><title>Fragment</title><h1>Fragment</h1>{forms}\n{html}</html>'
        Path(folder, re.sub(r"[^\w=]+", "-", f"{user}{address}")[:150] + ".html").write_text(html)
        found = (urlsplit(urljoin(response.url, link)) for link in links.found)
        pending += [
            url._replace(scheme="", netloc="", fragment="").geturl() for url in found if SITE.endswith(url.netloc)
        ]


def check_html(browser):
    with tempfile.TemporaryDirectory() as folder:
        for user in (None, "sam", "ms.hale", "mr.new", "dr.head"):
            context = browser.new_context()
            if user:
                sign_in(context, user)
            save_pages(context.request, user or "visitor", folder)
            context.close()
        number = len(list(Path(folder).iterdir()))
        jar = TOOLS / "node_modules/vnu-jar/build/dist/vnu.jar"
        command = ["java", "-jar", jar, "--errors-only", "--format", "gnu", folder]
        errors = _run(command).stderr.replace(f"file:{folder}/", "").splitlines()
    print_figure(f"vnu: errors on {number} pages", len(errors), 0, not errors)
    print("\n".join(sorted(errors)[:20]))


def run_lighthouse(playwright):
    """Run Lighthouse in a browser in which a student is signed in, and in one without a user."""
    for user, paths in ((None, ["/", "/login/"]), ("sam", [ROOM])):
        with tempfile.TemporaryDirectory() as folder:
            options = {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--remote-debugging-port=9333"]}
            context = playwright.chromium.launch_persistent_context(folder, **options)
            if user:
                sign_in(context, user)
            for path in paths:
                for device in DEVICES:
                    _run_lighthouse_once(path, device)
            context.close()


def _run_lighthouse_once(path, device):
    command = [TOOLS / "node_modules/.bin/lighthouse", SITE + path, "--port=9333", "--disable-storage-reset", "--quiet"]
    command += ["--output=json", *(["--preset=desktop"] if device == "desktop" else [])]
    report = json.loads(_run(command).stdout)
    for name, category in report["categories"].items():
        audits = [report["audits"][ref["id"]] for ref in category["auditRefs"] if ref["weight"]]
        failed = [audit["id"] for audit in audits if audit["score"] is not None and audit["score"] < 0.9]
        score = round(100 * (category["score"] or 0))
        print_figure(f"Lighthouse {path} {device} {name}", score, SCORE, score >= SCORE, " ".join(failed))


def measure_load(browser, state):
    for device, options in DEVICES.items():
        loads = []
        for _number in range(RUNS):
            context = browser.new_context(storage_state=state, **options)
            page = context.new_page()
            client = context.new_cdp_session(page)
            client.send("Network.enable")
            client.send("Network.emulateNetworkConditions", SLOW_NETWORK)
            page.goto(SITE + ROOM, timeout=60_000)
            loads.append(page.evaluate("performance.timing.loadEventStart - performance.timing.navigationStart"))
            requests = page.evaluate("1 + performance.getEntriesByType('resource').length")
            context.close()
        load = statistics.median(loads)
        print_figure(f"First visit to a room, {device}, ms", round(load), LOAD, load <= LOAD, f"{requests} requests")


def interact(page):
    """Type, send, open menus and switch rooms. Yield the name of each step after it."""
    page.goto(SITE + ROOM)
    page.wait_for_timeout(2000)  # until the scripts have started
    field = page.locator("#id_body")
    field.click()
    page.keyboard.type("Hello everyone, see you at lunch", delay=60)
    yield "typing"
    page.keyboard.press("Enter")
    if page.evaluate("matchMedia('(hover: none)').matches"):  # there, the key starts a new line
        page.locator("[data-composer] [type=submit]").tap()
    page.wait_for_function("document.querySelector('#id_body').value === ''")
    page.wait_for_timeout(500)
    yield "sending"
    page.locator("[data-post] summary:visible").last.click()
    page.wait_for_timeout(300)
    page.keyboard.press("Escape")
    yield "opening a menu"
    if page.locator("[data-rooms] a:visible").count() == 0:
        page.locator("[data-back]").click()
        page.wait_for_url("**/rooms/")
    page.locator("[data-rooms] a:visible").nth(1).click()
    page.wait_for_load_state()
    page.wait_for_timeout(500)
    yield "switching rooms"


def measure_interactions(browser, state):
    for device, options in DEVICES.items():
        context = browser.new_context(storage_state=state, **options)
        context.add_init_script(OBSERVER)
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        shift = 0
        for step in interact(page):
            page.wait_for_timeout(200)
            entries = page.evaluate("seen.splice(0)")
            slowest = max((entry["duration"] for entry in entries if entry["type"] == "event"), default=0)
            shift = max(shift, sum(entry["value"] for entry in entries if entry["type"] == "layout-shift"))
            print_figure(f"Interaction, {device}, {step}, ms", round(slowest), INTERACTION, slowest <= INTERACTION)
        print_figure(f"Layout shift, {device}", f"{shift:.3f}", SHIFT, shift <= SHIFT)
        context.close()


def main():
    wanted = sys.argv[3:] or ["load", "interactions", "lighthouse", "html"]
    print(f"{'':<46}{'figure':>9}{'target':>9}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context()
        sign_in(context, "sam")
        state = context.storage_state()
        if "load" in wanted:
            measure_load(browser, state)
        if "interactions" in wanted:
            measure_interactions(browser, state)
        if "lighthouse" in wanted:
            run_lighthouse(playwright)
        if "html" in wanted:
            check_html(browser)
        browser.close()


main()
