"""Authentication backends."""

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend

User = get_user_model()


class UsernameOrEmailBackend(ModelBackend):
    """Authenticate by username or email address, ignoring case.

    An email address contains "@" and a username does not, so the text never matches two users.
    """

    def authenticate(self, request, username=None, password=None, **kwargs):
        """Return the active user with this username or email address and password, or None.

        If no user matches, the same number of passwords is hashed, so that the time does not reveal which users exist.
        """
        if username is None or password is None:
            return None
        user = User.objects.find_by_login(username) or User()
        return user if user.check_password(password) and self.user_can_authenticate(user) else None
