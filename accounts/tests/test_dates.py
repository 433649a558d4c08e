"""Template filters for dates."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.template import engines
from django.template.defaultfilters import date as django_date
from django.template.loader import render_to_string
from django.utils import formats, translation
from django.utils import timezone as django_timezone

from accounts.templatetags.dates import cached_date, isoformat, relative_time, short_date

MOMENT = datetime(2026, 3, 9, 23, 30, 15, 123456, tzinfo=UTC)


def test_isoformat_has_no_microseconds():
    assert isoformat(MOMENT) == "2026-03-09T23:30:15+00:00"


@pytest.mark.parametrize("name", ["DATE_FORMAT", "TIME_FORMAT", "DATETIME_FORMAT", "l j F Y"])
def test_cached_date_equals_the_filter_of_django(name):
    for _time in range(2):
        assert cached_date(MOMENT, name) == django_date(MOMENT, name)


def test_cached_date_follows_the_time_zone():
    shown = []
    for zone in ("UTC", "Asia/Tokyo", "America/New_York"):
        with django_timezone.override(zone):
            shown.append(cached_date(MOMENT, "j H:i"))

    assert shown == ["9 23:30", "10 08:30", "9 19:30"]


def test_cached_date_follows_the_language():
    shown = []
    for language in ("en", "de", "fr"):
        with translation.override(language):
            shown.append((cached_date(MOMENT, "F"), cached_date(MOMENT, "DATE_FORMAT")))
            formats.reset_format_cache()

    assert shown == [("March", "9 March 2026"), ("März", "9. März 2026"), ("mars", "9 mars 2026")]


def test_cached_date_is_independent_of_time_zone_of_value():
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=5)))

    assert cached_date(elsewhere, "j H:i") == cached_date(MOMENT, "j H:i") == "9 23:30"


def test_filters_in_a_template_use_the_current_time_zone():
    template = engines["django"].from_string("{% load dates %}{{ value|isoformat }} {{ value|cached_date:'H:i' }}")
    with django_timezone.override("Asia/Tokyo"):
        assert template.render({"value": MOMENT}) == "2026-03-09T23:30:15+00:00 08:30"


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=1), ""),
    ],
)
def test_relative_time_is_empty_after_one_day(age, text, monkeypatch):
    monkeypatch.setattr(django_timezone, "now", lambda: MOMENT + age)

    assert relative_time(MOMENT) == text


@pytest.mark.parametrize(("age", "is_relative"), [(timedelta(hours=1), True), (timedelta(days=1), False)])
def test_time_older_than_one_day_is_not_updated_by_the_script(age, is_relative, monkeypatch):
    monkeypatch.setattr(django_timezone, "now", lambda: MOMENT + age)

    html = render_to_string("includes/_time.html", {"time": MOMENT})

    assert ("data-relative-time" in html, "1 hour ago" in html) == (is_relative, is_relative)
    assert "9 Mar 2026, 23:30" in html


@pytest.mark.parametrize(("language", "day"), [("en-gb", "9 Mar"), ("de", "9. März")])
def test_short_date_is_a_day_or_the_time_of_today(language, day):
    with translation.override(language):
        assert short_date(MOMENT) == day
        assert short_date(django_timezone.now()) == django_timezone.localtime().strftime("%H:%M")
