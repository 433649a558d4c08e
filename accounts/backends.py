"""Who somebody is, from what they typed."""

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend

User = get_user_model()


class UsernameOrEmailBackend(ModelBackend):
    """Sign in by username or email address, whichever was typed, in any case.

    A username holds no "@" and an address always does, so one text never names two people.
    """

    def authenticate(self, request, username=None, password=None, **kwargs):
        """Return the active user of this name or address and password, else None.

        One hash is computed whether or not there is such a person, so that the time tells nothing.
        """
        if username is None or password is None:
            return None
        user = User.objects.by_login(username)
        if user is None:
            User().set_password(password)
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None
