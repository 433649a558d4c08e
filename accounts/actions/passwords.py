"""Operations on passwords."""

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

from accounts.actions.locking import lock_open_account
from accounts.actions.sessions import end_sessions
from accounts.audit import CHANGE, record
from accounts.models import User
from config.transactions import operation


@operation
def change_password(request: HttpRequest | None, user: User, reason: str = "") -> None:
    """Save the new password of `user` and end their other sessions, or all sessions if `request` is None.

    Raises AccountInactive if the account was closed in the meantime.
    """
    lock_open_account(user)
    user.save(update_fields=["password", "updated_at"])
    record(user, user, CHANGE, ["password"], reason)
    current_key = None
    if request is not None:
        update_session_auth_hash(request, user)
        current_key = request.session.session_key
    end_sessions(user, actor=user, except_key=current_key, log=False)
