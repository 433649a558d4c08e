"""Date formats for English. Django's own formats put the month first, which is ambiguous in numeric dates."""

DATE_FORMAT = "j F Y"
MONTH_DAY_FORMAT = "j M"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
