"""When a demo school talks."""

from bisect import bisect_right
from datetime import timedelta

from django.utils import timezone

WEEKS = 8


class Timeline:
    """When a school talks: weekdays and daytime mostly, some evenings, hardly a night."""

    def __init__(self, start, end):
        self._starts, self._sums, total = [], [0.0], 0.0
        hour = start.replace(minute=0, second=0, microsecond=0)
        while hour < end:
            begins, ends = max(hour, start), min(hour + timedelta(hours=1), end)
            share = (ends - begins).total_seconds() / 3600
            total += self._weight(timezone.localtime(hour)) * share
            self._starts.append((begins.timestamp(), (ends - begins).total_seconds()))
            self._sums.append(total)
            hour += timedelta(hours=1)

    def at(self, share):
        """Return the instant, in seconds, before which that share (0 to 1) of all posts is written; rises with it."""
        wanted = share * self._sums[-1]
        index = min(max(bisect_right(self._sums, wanted) - 1, 0), len(self._starts) - 1)
        begins, seconds = self._starts[index]
        width = self._sums[index + 1] - self._sums[index]
        return begins + seconds * min(1.0, (wanted - self._sums[index]) / width)

    @staticmethod
    def _weight(when):
        if when.weekday() >= 5:
            return 0.8 if 10 <= when.hour < 20 else 0.002
        if 8 <= when.hour < 16:
            return 10
        return {7: 3, 16: 5, 17: 4, 18: 3, 19: 2.5, 20: 1.5, 21: 0.5}.get(when.hour, 0.002)
