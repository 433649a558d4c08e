"""Base class of typed refusals, for operations that are not allowed on an object that the user can see."""

from django.core.exceptions import PermissionDenied


class Refusal(PermissionDenied):
    """An operation is not allowed. `message` is translated text that explains why and suggests what to do.

    `config.views.permission_denied` turns it into a page or a fragment with status 403 that contains the user's text.
    """

    message = ""

    def __str__(self) -> str:
        return str(self.message)
