"""URL reversing with a cache, for pages that contain many links."""

from functools import lru_cache

from django.urls import reverse

cached_reverse = lru_cache(maxsize=8192)(reverse)
