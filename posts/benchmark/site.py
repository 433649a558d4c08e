"""This site as `loadtest` serves it: with a bare page beside, as large as whatever it is measured against."""

import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings

settings.ROOT_URLCONF = "posts.benchmark.urls"

from config import asgi  # noqa: E402
from posts.benchmark import urls  # noqa: E402
from posts.benchmark.load import telling_worker  # noqa: E402

__all__ = ["application"]


class _FromFolder(dict):
    def __missing__(self, name):
        urls.imitate(name, (Path(os.environ["HOMEROOM_LOADTEST"]) / f"{name}.html").read_text())
        return self[name]


urls._templates = _FromFolder()
application = telling_worker(asgi.application)
