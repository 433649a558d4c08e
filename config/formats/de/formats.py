"""Date formats for German, in addition to Django's own."""

MONTH_DAY_FORMAT = "j. N"
