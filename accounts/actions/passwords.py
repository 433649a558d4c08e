"""Operations on passwords."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

from accounts.actions.locking import lock_open_account
from accounts.actions.sessions import end_sessions
from accounts.audit import CHANGE, record
from accounts.models import User
from accounts.outbox import queue_function
from config.transactions import operation


@operation
def change_password(request: HttpRequest | None, user: User, password_hash: str, reason: str = "") -> User:
    """Save the new password of `user`, end their other sessions, or all if `request` is None, and return the user.

    They need not change it again. Raises AccountInactive or PasswordChanged if the account was closed or the password
    was changed in the meantime.
    """
    user = lock_open_account(user)
    user.password, user.must_change_password = password_hash, False
    user.save(update_fields=["password", "must_change_password", "updated_at"])
    record(user, user, CHANGE, ["password"], reason)
    current_key = None
    if request is not None:
        update_session_auth_hash(request, user)
        current_key = request.session.session_key
    end_sessions(user, actor=user, except_key=current_key, log=False)
    return user


def set_initial_password(user: User, password_hash: str, actor: User, reason: str = "") -> None:
    """Set the password of the locked `user` to one that `actor` knows, so the user must change it. End their sessions.

    Takes a hash, because hashing takes long and other transactions wait for the lock.
    """
    user.password, user.must_change_password = password_hash, True
    user.save(update_fields=["password", "must_change_password", "updated_at"])
    record(actor, user, CHANGE, ["password"], reason)
    end_sessions(user, actor, log=False)


def request_password_reset(email: str) -> None:
    """Queue an email with a reset link to the active user with this address, if there is one.

    Takes the same time for all addresses, because the worker fetches the user. Emails older than a link are not sent.
    """
    max_age = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    queue_function("password_reset", {"email": User.objects.normalize_email(email)}, max_age=max_age)
