"""Base classes of typed refusals, for operations that are not allowed on an object that the user can see."""

import math

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class Refusal(PermissionDenied):
    """An operation is not allowed. `message` is translated text that explains why and suggests what to do.

    `config.views.permission_denied` turns it into a page or a fragment that contains the user's text.
    """

    message = ""
    status = 403
    retry_after = None  # seconds after which the operation is allowed again

    def __str__(self) -> str:
        return str(self.message)

    def add_to(self, response: HttpResponse) -> HttpResponse:
        """Set the status and the header Retry-After of a response that shows this refusal, and return it."""
        response.status_code = self.status
        if self.retry_after:
            response.headers["Retry-After"] = str(self.retry_after)
        return response


class Throttled(Refusal):
    """The user has done something too often. `message` contains %(time)s, the waiting time."""

    message = _("Too many attempts. Try again in %(time)s.")
    status = 429

    def __init__(self, seconds: float):
        super().__init__()
        self.retry_after = max(1, math.ceil(seconds))

    def __str__(self) -> str:
        return self.message % {"time": waiting_time(self.retry_after)}


def waiting_time(seconds: int) -> str:
    """Return a number of seconds in words: in whole minutes from one minute on, in whole hours from two hours on."""
    if seconds < 60:
        return ngettext("%d second", "%d seconds", seconds) % seconds
    if seconds >= 2 * 60 * 60:
        hours = math.ceil(seconds / 60 / 60)
        return ngettext("%d hour", "%d hours", hours) % hours
    minutes = math.ceil(seconds / 60)
    return ngettext("%d minute", "%d minutes", minutes) % minutes
