"""Measure what pages cost as the conversation grows."""

import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import override_settings

SIZES = [10_000, 100_000, 1_000_000]
LEAST, MOST = 200, 20_000_000  # the smallest has a deepest page still
MOST_RUNS = 100_000

# The aims, and what is held against them.
RATIO, GROWTH = 2.5, 1.1
HTML_BYTES, VISIT_BYTES = 15 * 1024, 120 * 1024
AIMED_AT = ("conversation", "conversation, deepest page")


class Command(BaseCommand):
    """Fill a scratch database and time the main pages in this process. Says what is met; never fails for a miss."""

    help = (
        "Measure the main pages on a scratch database of 10,000, 100,000 and 1,000,000 posts, each beside a bare view "
        "that sends as many bytes through the same middleware. The configured database is not touched."
    )
    # The checks load templates, and those must be loaded without DEBUG.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="Numbers of posts.")
        parser.add_argument("--runs", type=int, default=200, metavar="N", help="Requests a page and size (200).")
        parser.add_argument("--max-posts", type=int, metavar="N", help="Leave out larger sizes.")
        parser.add_argument("--keep", action="store_true", help="Leave the scratch database, and say where it is.")

    def handle(self, *, sizes, runs, max_posts, keep, **options):
        sizes = _check(sizes, runs, max_posts)
        # Imported here: they load the site's addresses.
        from posts.benchmark.fill import scratch_database

        with _folder(keep) as folder, _as_deployed(folder), scratch_database(folder, os.getpid(), keep) as name:
            results, weight = self._run(sizes, runs)
        self._print_growth(sizes, results)
        self._print_weight(weight)
        self._print_aims(sizes, results, weight)
        if keep:
            self.stdout.write(f"\nThe scratch database is {name}.")

    def _run(self, sizes, runs):
        from accounts.models import User
        from posts.benchmark import measure
        from posts.benchmark.fill import Filler
        from posts.benchmark.weight import FirstVisit

        self.stdout.write(
            f"{connection.vendor}, {settings.POSTS_PER_PAGE} posts a page, {runs} pairs a page. Milliseconds are "
            "medians, the ratio is that\nof the pairs. The bare view sends the same bytes, compressed too, to the same "
            "signed-in student.\n"
        )
        results, filler = {}, None
        for size in sizes:
            begun = time.monotonic()
            if filler is None:
                filler = Filler(size)
            else:
                filler.grow_to(size)
            self.stdout.write(f"\n{size:,} posts (filled in {time.monotonic() - begun:.1f} s)")
            self.stdout.write(
                f"{'page':<36}{'status':>6}{'bytes':>9}{'packed':>8}{'queries':>9}{'ms':>9}{'bare':>8}{'ratio':>7}"
            )
            browser = measure.Browser(User.objects.get(username="sam"))
            for page in measure.pages():
                found = results[page.name, size] = measure.measure(browser, page, runs)
                self.stdout.write(
                    f"{page.name:<36}{found.status:>6}{found.size:>9,}{found.packed:>8,}{found.queries:>9}"
                    f"{found.page:>9.2f}{found.bare:>8.2f}{found.ratio:>7.2f}"
                )
                self.stdout.flush()
        conversation = measure.pages()[0]
        html = browser.text(conversation.address).decode()
        visit = FirstVisit(html, conversation.address, browser.text)
        return results, (results[conversation.name, sizes[-1]].packed, visit)

    def _print_growth(self, sizes, results):
        if len(sizes) < 2:
            return
        self.stdout.write(
            f"\nGrowth from {sizes[0]:,} to {sizes[-1]:,} posts, in units of the bare view: a machine that became "
            "slower\nmeanwhile changes nothing"
        )
        for name in dict.fromkeys(name for name, _size in results):
            self.stdout.write(f"{name:<36}{_growth(results, name, sizes):>8.2f}")

    def _print_weight(self, weight):
        html, visit = weight
        self.stdout.write("\nWeight of the conversation, in bytes compressed by gzip")
        for path, size in [("the page", html), *visit.files]:
            self.stdout.write(f"{path:<56}{size:>9,}")
        self.stdout.write(f"{'everything on a first visit':<56}{html + visit.total:>9,}")
        for title, addresses in (("On other hosts", visit.elsewhere), ("Not found", visit.missing)):
            if addresses:
                self.stdout.write(f"{title}: {', '.join(addresses)}")

    def _print_aims(self, sizes, results, weight):
        html, visit = weight
        aims = []
        for name in AIMED_AT:
            worst = max(results[name, size].ratio for size in sizes)
            aims.append((f"{name}: at most {RATIO} of the bare view", f"{worst:.2f}", worst <= RATIO))
            if len(sizes) > 1:
                growth = _growth(results, name, sizes)
                aims.append((f"{name}: growth at most {GROWTH}", f"{growth:.2f}", growth <= GROWTH))
        aims += [
            (f"conversation page: at most {HTML_BYTES // 1024} KB", f"{html / 1024:.1f} KB", html <= HTML_BYTES),
            (
                f"everything on a first visit: at most {VISIT_BYTES // 1024} KB",
                f"{(html + visit.total) / 1024:.1f} KB",
                html + visit.total <= VISIT_BYTES,
            ),
            ("requests to other hosts: none", str(len(visit.elsewhere)), not visit.elsewhere),
            ("files that the page asks for and are not there: none", str(len(visit.missing)), not visit.missing),
        ]
        self.stdout.write("\nAims")
        for aim, found, is_met in aims:
            self.stdout.write(f"{'met' if is_met else 'MISSED':<8}{aim:<60}{found:>10}")


def _check(sizes, runs, max_posts):
    """Return the sizes in their order. Raises CommandError when there is nothing to measure, or no end to it."""
    if not 1 <= runs <= MOST_RUNS:
        raise CommandError(f"--runs must be between 1 and {MOST_RUNS:,}.")
    for size in sizes:
        if not LEAST <= size <= MOST:
            raise CommandError(f"--sizes must be between {LEAST:,} and {MOST:,}.")
    kept = sorted({size for size in sizes if max_posts is None or size <= max_posts})
    if not kept:
        raise CommandError("--max-posts leaves no size to measure.")
    return kept


def _growth(results, name, sizes):
    return results[name, sizes[-1]].ratio / results[name, sizes[0]].ratio


@contextmanager
def _folder(keep):
    folder = tempfile.mkdtemp(prefix="homeroom-bench-")
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder)


@contextmanager
def _as_deployed(folder):
    """Settings as on a real site, whatever this one's are: no DEBUG, cached templates, one more address."""
    static_root = Path(folder) / "static"
    static_root.mkdir()
    templates = [engine | {"OPTIONS": engine["OPTIONS"] | {"debug": False}} for engine in settings.TEMPLATES]
    changed = {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["localhost"],
        "ROOT_URLCONF": "posts.benchmark.urls",
        "SECURE_SSL_REDIRECT": False,
        "SESSION_COOKIE_SECURE": False,
        "CSRF_COOKIE_SECURE": False,
        "STATIC_ROOT": static_root,
        # Hashed names need files that were collected; what is served weighs the same.
        "STORAGES": settings.STORAGES
        | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
        "TEMPLATES": templates,
    }
    with override_settings(**changed):
        yield
