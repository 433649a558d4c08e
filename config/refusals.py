"""Typed refusals: the user can see an object, but an operation is not allowed."""

from django.core.exceptions import PermissionDenied


class Refusal(PermissionDenied):
    """An operation that is not allowed now. `message` is translated text for the user: what happened, what to do.

    `config.views.permission_denied` turns it into a page or a fragment with status 403 and preserves the user's text.
    """

    message = ""

    def __str__(self) -> str:
        return str(self.message)
