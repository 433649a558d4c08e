"""The times at which the posts of a demo school are written."""

from bisect import bisect_right
from datetime import UTC, datetime, timedelta

from django.utils import timezone

WEEKS = 8


class Timeline:
    """Distributes posts over a period: mostly on weekdays during the day, some in the evening, hardly any at night."""

    def __init__(self, start: datetime, end: datetime):
        self._hours, self._cumulative_weights, total = [], [0.0], 0.0
        hour = start.replace(minute=0, second=0, microsecond=0)
        while hour < end:
            hour_start, hour_end = max(hour, start), min(hour + timedelta(hours=1), end)
            seconds = (hour_end - hour_start).total_seconds()
            total += _hourly_weight(timezone.localtime(hour)) * (seconds / 3600)
            self._hours.append((hour_start.timestamp(), seconds))
            self._cumulative_weights.append(total)
            hour += timedelta(hours=1)

    def timestamp_at(self, share: float) -> float:
        """Return the Unix timestamp before which `share` (0 to 1) of all posts are written."""
        weights = self._cumulative_weights
        wanted = share * weights[-1]
        index = min(max(bisect_right(weights, wanted) - 1, 0), len(self._hours) - 1)
        hour_start, seconds = self._hours[index]
        return hour_start + seconds * min(1.0, (wanted - weights[index]) / (weights[index + 1] - weights[index]))


def school_days_later(timestamp: float, days: int) -> float:
    """Return the Unix timestamp of the same time, `days` school days later."""
    for _day in range(days):
        timestamp += 86400
        while datetime.fromtimestamp(timestamp, UTC).weekday() >= 5:
            timestamp += 86400
    return timestamp


def _hourly_weight(when):
    if when.weekday() >= 5:
        return 0.8 if 10 <= when.hour < 20 else 0.002
    if 8 <= when.hour < 16:
        return 10
    return {7: 3, 16: 5, 17: 4, 18: 3, 19: 2.5, 20: 1.5, 21: 0.5}.get(when.hour, 0.002)
