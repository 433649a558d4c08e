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

        Hash the password even if no user matches, so that the response time does not reveal which users exist.
        """
        if username is None or password is None:
            return None
        user = User.objects.find_by_login(username)
        if user is None:
            User().set_password(password)
            return None
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None
