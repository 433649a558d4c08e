"""Measure the CPU time of pages in this process."""

import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import override_settings

SIZES = [10_000, 1_000_000]
MIN_SIZE, MAX_SIZE = 200, 20_000_000
MAX_RUNS = 100_000
PAGE_BYTES, VISIT_BYTES = 15 * 1024, 120 * 1024  # targets for the conversation, compressed


class Command(BaseCommand):
    """Fill a scratch database and measure the main pages. Missed targets are printed and do not cause a failure."""

    help = (
        "Measure the CPU time of the main pages, and its ratio to a fixed page of 12 KB, on a scratch database of "
        "10,000 and 1,000,000 posts. Does not change the configured database."
    )
    # Checks load templates, which must not happen before DEBUG is off.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="numbers of posts")
        parser.add_argument("--runs", type=int, default=200, metavar="N", help="requests for each page and size (200)")
        parser.add_argument("--max-posts", type=int, metavar="N", help="skip larger sizes")
        parser.add_argument("--keep", action="store_true", help="do not delete the scratch database")

    def handle(self, *, sizes, runs, max_posts, keep, **options):
        sizes = _check_arguments(sizes, runs, max_posts)
        # Imported late: these modules load URLs and templates.
        from posts.benchmark.fill import scratch_database

        with _temporary_folder(keep) as folder, _production_settings(folder), scratch_database(folder, keep) as name:
            call_command("collectstatic", interactive=False, verbosity=0)
            results, visit = self._measure(sizes, runs)
        if len(sizes) > 1:
            self._write_growth(sizes, results)
        self._write_weight(visit)
        if keep:
            self.stdout.write(f"\nThe scratch database is {name}.")

    def _measure(self, sizes, runs):
        from accounts.models import User
        from posts.benchmark.fill import Filler
        from posts.benchmark.measure import Browser, measure
        from posts.benchmark.pages import PAGES, READER
        from posts.benchmark.weight import FirstVisit

        self.stdout.write(
            f"{connection.vendor}, {runs} pairs for each page. CPU time in milliseconds (medians); the ratio is the "
            "median\nof the pairs. The fixed page sends 12 KB through Django's own middleware, session and user."
        )
        results, filler = {}, None
        for size in sizes:
            start = time.monotonic()
            filler = filler or Filler(size)
            filler.grow_to(size)
            self.stdout.write(f"\n{size:,} posts (filled in {time.monotonic() - start:.1f} s)")
            self.stdout.write(
                f"{'page':<20}{'bytes':>8}{'gzip':>8}{'queries':>9}{'CPU ms':>8}{'fixed':>8}{'ratio':>7}{'target':>8}"
            )
            browser = Browser(User.objects.get(username=READER))
            for page in PAGES:
                result = measure(browser, page.path, runs)
                ratio = results[page.name, size] = result.ratio
                self.stdout.write(
                    f"{page.name:<20}{result.size:>8,}{result.compressed:>8,}{result.queries:>9}{result.cpu:>8.2f}"
                    f"{result.fixed_cpu:>8.2f}{ratio:>7.2f}{page.target:>8}  {_verdict(round(ratio, 2), page.target)}"
                )
                self.stdout.flush()
        return results, FirstVisit(PAGES[0].path, browser.read)

    def _write_growth(self, sizes, results):
        from posts.benchmark.pages import GROWTH_TARGET, PAGES

        self.stdout.write(f"\nGrowth of the ratio from {sizes[0]:,} to {sizes[-1]:,} posts")
        for page in PAGES:
            growth = results[page.name, sizes[-1]] / results[page.name, sizes[0]]
            verdict = _verdict(round(growth, 2), GROWTH_TARGET)
            self.stdout.write(f"{page.name:<20}{growth:>8.2f}{GROWTH_TARGET:>8}  {verdict}")

    def _write_weight(self, visit):
        self.stdout.write("\nFirst visit to the conversation, compressed bytes")
        for path, size in visit.files:
            self.stdout.write(f"{path:<64}{size:>9,}")
        for name, value, target in [
            ("the page", visit.files[0][1], PAGE_BYTES),
            ("everything", visit.total, VISIT_BYTES),
            ("requests to other hosts", len(visit.other_hosts), 0),
            ("missing files", len(visit.missing), 0),
        ]:
            self.stdout.write(f"{name:<64}{value:>9,}{target:>9,}  {_verdict(value, target)}")


def _verdict(value, target):
    return "met" if value <= target else "missed"


def _check_arguments(sizes, runs, max_posts):
    """Return the sizes to measure in ascending order. Raises CommandError."""
    if not 1 <= runs <= MAX_RUNS:
        raise CommandError(f"--runs must be between 1 and {MAX_RUNS:,}.")
    for size in sizes:
        if not MIN_SIZE <= size <= MAX_SIZE:
            raise CommandError(f"--sizes must be between {MIN_SIZE:,} and {MAX_SIZE:,}.")
    remaining = sorted({size for size in sizes if max_posts is None or size <= max_posts})
    if not remaining:
        raise CommandError("--max-posts leaves no size to measure.")
    return remaining


@contextmanager
def _temporary_folder(keep):
    folder = tempfile.mkdtemp(prefix="homeroom-bench-")
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder)


@contextmanager
def _production_settings(folder):
    """Use production settings: cached templates and hashed static files."""
    from posts.benchmark import settings as benchmark

    static_root = Path(folder) / "static"
    static_root.mkdir()
    templates = [engine | {"OPTIONS": engine["OPTIONS"] | {"debug": False}} for engine in settings.TEMPLATES]
    with override_settings(
        DEBUG=False,
        ALLOWED_HOSTS=["127.0.0.1", "testserver"],
        MIDDLEWARE=benchmark.MIDDLEWARE,
        AUTHENTICATION_BACKENDS=benchmark.AUTHENTICATION_BACKENDS,
        POSTS_PER_PAGE=benchmark.POSTS_PER_PAGE,
        SECURE_SSL_REDIRECT=False,
        SESSION_COOKIE_SECURE=False,
        CSRF_COOKIE_SECURE=False,
        STATIC_ROOT=static_root,
        STORAGES=settings.STORAGES | {"staticfiles": {"BACKEND": "config.storage.HashedStaticFilesStorage"}},
        TEMPLATES=templates,
    ):
        yield
