"""Measure the CPU time of pages in one process."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from accounts.models import User
from posts.benchmark import scratch
from posts.benchmark.fill import Filler
from posts.benchmark.measure import Browser, measure
from posts.benchmark.pages import GROWTH_TARGET, PAGES, READER

SIZES = [10_000, 1_000_000]
MIN_SIZE = 200  # a smaller school has no full page of posts


class Command(BaseCommand):
    """Fill a scratch database and measure the main pages. Missed targets are printed and do not cause a failure."""

    help = (
        "Measure the CPU time of the main pages, and its ratio to a fixed page of 12 KB, on a scratch database of "
        "10,000 and 1,000,000 posts. Does not change the configured database."
    )

    def add_arguments(self, parser):
        parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="numbers of posts")
        parser.add_argument("--runs", type=int, default=200, metavar="N", help="requests for each page and size (200)")
        parser.add_argument("--database", help="URL of an empty database (default: a temporary SQLite file)")

    def handle(self, *, sizes, runs, database, **options):
        if min(sizes) < MIN_SIZE or runs < 1:
            raise CommandError(f"--sizes must be at least {MIN_SIZE}, and --runs at least 1.")
        if not scratch.is_scratch():
            return scratch.run_again(database, [])
        sizes = sorted(set(sizes))
        self.stdout.write(
            f"{connection.vendor}, {runs} pairs for each page. CPU time in milliseconds (medians); the ratio is the "
            "median\nof the pairs. The fixed page sends 12 KB through Django's own middleware, session and user."
        )
        filler = Filler(sizes[0])
        ratios = {size: self._measure_size(filler, size, runs) for size in sizes}
        if len(sizes) > 1:
            self._write_growth(sizes[0], sizes[-1], ratios)

    def _measure_size(self, filler, size, runs):
        """Increase the number of posts to `size`, measure each page, and return {name: ratio}."""
        start = time.monotonic()
        filler.grow_to(size)
        self.stdout.write(f"\n{size:,} posts (copied in {time.monotonic() - start:.1f} s)")
        self.stdout.write(
            f"{'page':<20}{'bytes':>8}{'gzip':>8}{'queries':>9}{'CPU ms':>8}{'fixed':>8}{'ratio':>7}{'target':>8}"
        )
        browser, ratios = Browser(User.objects.get(username=READER)), {}
        for page in PAGES:
            result = measure(browser, page.path, runs)
            ratios[page.name] = result.ratio
            self.stdout.write(
                f"{page.name:<20}{result.size:>8,}{result.compressed:>8,}{result.queries:>9}{result.cpu:>8.2f}"
                f"{result.fixed_cpu:>8.2f}{result.ratio:>7.2f}{page.target:>8}  "
                f"{_verdict(round(result.ratio, 2), page.target)}"
            )
            self.stdout.flush()
        return ratios

    def _write_growth(self, smallest, largest, ratios):
        self.stdout.write(f"\nGrowth of the ratio from {smallest:,} to {largest:,} posts")
        for page in PAGES:
            growth = ratios[largest][page.name] / ratios[smallest][page.name]
            verdict = _verdict(round(growth, 2), GROWTH_TARGET)
            self.stdout.write(f"{page.name:<20}{growth:>8.2f}{GROWTH_TARGET:>8}  {verdict}")


def _verdict(value, target):
    return "met" if value <= target else "missed"
