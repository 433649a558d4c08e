"""Operations on sessions."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone

from accounts.actions.registration import add_to_common_room
from accounts.audit import CHANGE, record
from accounts.models import User
from accounts.refusals import AccountInactive
from accounts.text import clean_line
from config.transactions import operation, writing


def sign_in(request: HttpRequest, user: User, remember: bool) -> None:
    """Sign `user` in with a new session id, for 30 days if `remember` is true, otherwise until the browser closes.

    Raises AccountInactive if the account was deactivated in the meantime.
    """
    add_to_common_room([user])
    # Not an operation: `login` changes `request.session`, so it cannot be retried. Nothing is locked before the user,
    # so this cannot be part of a deadlock.
    with writing():
        if not User.objects.lock([user.pk])[user.pk].is_active:
            raise AccountInactive
        login(request, user)
        request.session["user_agent"] = clean_line(request.headers.get("User-Agent", "")[:1000])[:200]
        request.session["started_at"] = timezone.now().isoformat()
        request.session.set_expiry(settings.REMEMBER_ME_AGE if remember else 0)
        # Save it while the user is locked. Django's middleware saves it again, which fails if it has been ended since.
        request.session.save()


@operation
def end_sessions(
    user: User,
    actor: User,
    except_key: str | None = None,
    only_key: str | None = None,
    reason: str = "",
    log: bool = True,
) -> int:
    """End all sessions of `user`, except the one with `except_key`, or only the one with `only_key`.

    Returns the number of sessions.
    """
    sessions = user.sessions.all()
    if except_key is not None:
        sessions = sessions.exclude(pk=except_key)
    if only_key is not None:
        sessions = sessions.filter(pk=only_key)
    number, _by_model = sessions.delete()
    if number and log:
        record(actor, user, CHANGE, ["sessions"], reason)
    return number
