"""Measure the real server under load, over loopback, on a scratch database."""

from django.core.management.base import BaseCommand, CommandError

from posts.benchmark import scratch
from posts.benchmark.streams import measure_streams
from posts.benchmark.traffic import measure_traffic
from posts.benchmark.viewers import measure_viewers

MEASUREMENTS = ["streams", "pages", "viewers"]


class Command(BaseCommand):
    """Measure live streams (memory, CPU, delay of a post), pages (requests per second, CPU, latency) and read marks."""

    help = "Measure the real server under load: streams, pages, read marks. Does not change the configured database."

    def add_arguments(self, parser):
        parser.add_argument("--only", choices=MEASUREMENTS, help="measure only one of them")
        parser.add_argument("--database", help="URL of an empty database (default: a temporary SQLite file)")
        parser.add_argument("--streams", type=int, default=1000, metavar="N", help="open streams (1000)")
        parser.add_argument("--posts", type=int, default=200, metavar="N", help="posts written to the streams (200)")
        parser.add_argument("--idle", type=float, default=10, metavar="S", help="seconds without posts (10)")
        parser.add_argument("--rows", type=int, default=1_000_000, metavar="N", help="posts in the database (1000000)")
        parser.add_argument("--seconds", type=float, default=6, metavar="S", help="duration for each page (6)")
        parser.add_argument("--workers", type=int, default=2, metavar="N", help="server processes for the pages (2)")
        parser.add_argument("--connections", type=int, default=8, metavar="N", help="clients that request pages (8)")

        parser.add_argument("--viewers", type=int, default=600, metavar="N", help="users who look at a room (600)")
        parser.add_argument("--viewing", type=float, default=60, metavar="S", help="seconds with viewers (60)")
        parser.add_argument("--every", type=float, default=2, metavar="S", help="seconds between two posts there (2)")

    def handle(self, *args, database, only, **options):
        if not scratch.is_scratch():
            if database and not only:
                raise CommandError("Each measurement needs an empty database. Use --only with --database.")
            scratch.run_again(
                database, *(["--only", measurement] for measurement in ([only] if only else MEASUREMENTS))
            )
        elif only == "streams":
            measure_streams(self.stdout.write, options["streams"], options["posts"], options["idle"])
        elif only == "viewers":
            measure_viewers(self.stdout.write, options["viewers"], options["viewing"], options["every"])
        else:
            names = ("rows", "seconds", "workers", "connections")
            measure_traffic(self.stdout.write, *(options[name] for name in names))
