"""Signing in and ending sessions."""

from django.conf import settings
from django.contrib.auth import login
from django.utils import timezone

from accounts.actions.registration import add_to_common_room
from accounts.audit import CHANGE, record
from accounts.text import clean_line
from config.transactions import operation


@operation
def sign_in(request, user, remember):
    """Sign `user` in under a new session id, for 30 days if `remember` is true, otherwise until the browser closes."""
    add_to_common_room([user])
    login(request, user)
    request.session["user_agent"] = clean_line(request.headers.get("User-Agent", ""))[:200]
    request.session["started_at"] = timezone.now().isoformat()
    request.session.set_expiry(settings.REMEMBER_ME_AGE if remember else 0)


@operation
def end_sessions(user, actor, keep=None, only=None, reason="", log=True):
    """End sessions of `user`: all, all except the key `keep`, or the one key `only`. Returns the number of sessions."""
    sessions = user.sessions.all()
    if keep is not None:
        sessions = sessions.exclude(pk=keep)
    if only is not None:
        sessions = sessions.filter(pk=only)
    ended, _by_model = sessions.delete()
    if ended and log:
        record(actor, user, CHANGE, ["sessions"], reason)
    return ended
