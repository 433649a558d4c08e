"""Template filters for dates that are cheaper than Django's own in lists."""

from functools import lru_cache

from django import template
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import get_language

register = template.Library()


@register.filter
def isoformat(value):
    """Return a datetime for the attribute `datetime` of <time>, in UTC or as given, to the second."""
    return value.isoformat(timespec="seconds")


@register.filter
def cached_date(value, format_name):
    """Return the same as the filter `date`, in the current language and time zone, cached in this process."""
    return _format(value, format_name, get_language(), timezone.get_current_timezone_name())


# Equal datetimes have the same local time, even if their time zones differ.
@lru_cache(maxsize=8192)
def _format(value, format_name, language, time_zone):
    return format_date(timezone.template_localtime(value), format_name)
