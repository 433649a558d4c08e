"""Who somebody is, from what they typed."""

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend

from accounts.prepared import PreparedGet

User = get_user_model()

_BY_ID = PreparedGet(User, is_kept=True, pk=2**63 - 2)


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

    def get_user(self, user_id):
        """Return the active person with this id, or None.

        As the base class does, by a query that is compiled once: every page of somebody signed in asks it.
        """
        user = _BY_ID(pk=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
