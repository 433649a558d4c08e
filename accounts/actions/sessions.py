"""Operations on sessions."""

from functools import partial

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils import timezone

from accounts.actions.registration import add_to_common_room
from accounts.audit import CHANGE, record
from accounts.browsers import find_browser
from accounts.devices import name_device
from accounts.emails import render_email
from accounts.models import User
from accounts.models.throttle import Kind
from accounts.refusals import AccountInactive
from accounts.text import clean_line
from accounts.throttling import counter, reserve
from config.refusals import Throttled
from config.transactions import operation, writing


def sign_in(request: HttpRequest, user: User, remember: bool, is_shared: bool = False) -> None:
    """Sign `user` in with a new session id, for 30 days if `remember` is true, otherwise until the browser closes.

    On a shared device, the session also ends after SHARED_DEVICE_AGE seconds without activity. Raises AccountInactive
    if the account was deactivated in the meantime.

    After the first sign-in, a user with an email address gets an email about a sign-in from an unknown browser, at most
    once a day.
    """
    add_to_common_room([user])
    # Not an operation: `login` changes `request.session`, so it cannot be retried. It locks the user first
    # and the counter of `_report_new_browser` last, so it cannot be part of a deadlock.
    with writing():
        locked = User.objects.lock([user.pk])[user.pk]
        if not locked.is_active:
            raise AccountInactive
        is_new_browser = locked.last_login is not None and not find_browser(request, locked)
        login(request, user)
        request.session["user_agent"] = clean_line(request.headers.get("User-Agent", "")[:1000])[:200]
        request.session["started_at"] = timezone.now().isoformat()
        if is_shared:
            request.session["shared_device"] = True
            request.session.record_activity()
        request.session.set_expiry(settings.REMEMBER_ME_AGE if remember else 0)
        # Save it while the user is locked. Django's middleware saves it again, which fails if it has been ended since.
        request.session.save()
        if is_new_browser and locked.email:
            _report_new_browser(request, user)


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


def _report_new_browser(request, user):
    try:
        reserve(counter(Kind.ALERT, user.pk))
    except Throttled:
        return
    # The template calls it, so that the description is in the language of the email.
    device = partial(name_device, request.session["user_agent"])
    render_email("new_browser", user, device=device, time=timezone.now()).send()
