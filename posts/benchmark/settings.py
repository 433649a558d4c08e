"""Settings for measurements: the settings of the site, plus the fixed page."""

import os
from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import AUTHENTICATION_BACKENDS, MEDIA_ROOT, MIDDLEWARE, STATIC_ROOT
from posts.benchmark import fixed_page, scratch

MIDDLEWARE = ["posts.benchmark.fixed_page.FixedPageMiddleware", *MIDDLEWARE]
AUTHENTICATION_BACKENDS = [*AUTHENTICATION_BACKENDS, fixed_page.BACKEND]
POSTS_PER_PAGE = 50
POSTS_PER_MINUTE = 0
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["css", "js", "svg"]  # the measurements request no static files
STATIC_ROOT = Path(os.environ.get(scratch.FOLDER, STATIC_ROOT.parent)) / "static"
MEDIA_ROOT = Path(os.environ.get(scratch.FOLDER, MEDIA_ROOT.parent)) / "media"
