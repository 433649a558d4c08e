"""Checks of pages with axe, which finds faults that people with disabilities would notice."""

import contextlib
import importlib.resources

from posts.tests.browser import horizontal_overflow
from posts.tests.browser_pages import EXPECTED_ERRORS
from posts.tests.browser_waits import wait_for_frames

# axe must not run during transitions of colours, and it adds an inline style.
NO_MOTION = {"reduced_motion": "reduce", "bypass_csp": True}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# Select2, which the admin uses, gives its inner element a role without a name. The element around it has both.
RUN_AXE = """
async (options) => {
    const context = { include: document, exclude: [[".select2-selection__rendered"]] };
    const found = await axe.run(context, { ...options, resultTypes: ["violations"] });
    const where = (rule) => rule.nodes.map(node => `${node.target} ${node.html}`).join(" | ");
    return found.violations.map(rule => `${rule.id}: ${where(rule)}`);
}
"""
PHONE = {"width": 360, "height": 700, "deviceScaleFactor": 1, "mobile": True}


def axe_source():
    """Return the source of axe."""
    return importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()


def find_problems(page, name, path, action, on_phone=True):
    """Open a page and run `action`. Return the violations and the horizontal overflow on a laptop and on a phone.

    Axe checks colours in both themes on the laptop. The phone has the dark theme, and shows the page without loading it
    again, which would take most of the time.
    """
    page.expected_problems += EXPECTED_ERRORS
    page.goto(path)
    if action:
        action(page)
    page.evaluate("scrollTo(0, 0)")  # otherwise, the bar at the top can cover a part of a button
    page.evaluate(axe_source())
    found = run_axe(page)
    page.emulate_media(color_scheme="dark")
    found += page.evaluate(RUN_AXE, {"runOnly": COLOURS})
    if on_phone:
        with emulate_phone(page):
            found += [f"on a phone: {problem}" for problem in run_axe(page)]
    page.emulate_media(color_scheme="light")
    return [f"{name}: {problem}" for problem in found]


def run_axe(page):
    """Return the violations of all rules that axe finds, and horizontal overflow."""
    overflow = horizontal_overflow(page)
    return page.evaluate(RUN_AXE, {"runOnly": TAGS}) + [f"too wide by {overflow}"] * (overflow > 0)


@contextlib.contextmanager
def emulate_phone(page):
    """Show the page on a phone, until the end of the context."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setDeviceMetricsOverride", PHONE)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    page.evaluate("scrollTo(0, 0)")
    wait_for_frames(page)
    yield
    session.detach()
