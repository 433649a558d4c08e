"""Changing passwords."""

from django.contrib.auth import update_session_auth_hash

from accounts.actions.locking import lock_open_account
from accounts.actions.sessions import end_sessions
from accounts.audit import CHANGE, record
from config.transactions import operation


@operation
def change_password(request, user):
    """Save the new password that is set on `user` and end their other sessions; all of them if `request` is None.

    Raises AccountInactive if the account was closed in the meantime.
    """
    lock_open_account(user)
    user.save(update_fields=["password", "updated_at"])
    record(user, user, CHANGE, ["password"])
    keep = None
    if request is not None:
        update_session_auth_hash(request, user)
        keep = request.session.session_key
    end_sessions(user, actor=user, keep=keep, log=False)
