"""URL reversing with a cache, for pages that contain many links."""

from functools import lru_cache

from django.urls import get_script_prefix, get_urlconf, reverse


def cached_reverse(name: str, *args) -> str:
    """Return `reverse(name, args=args)`, cached in this process."""
    return _reverse(name, args, get_script_prefix(), get_urlconf())


@lru_cache(maxsize=8192)
def _reverse(name, args, script_prefix, urlconf):
    return reverse(name, args=args)
