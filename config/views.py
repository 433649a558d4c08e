"""The theme switch and the error pages."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpResponseBadRequest, HttpResponseRedirect, HttpResponseServerError, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST

from config.context_processors import site
from config.refusals import Refusal
from config.requests import UNSENT, redirect_to_sign_in, wants_fragment

THEMES = ("system", "light", "dark")


@login_not_required
@require_POST
def theme(request):
    """Store `theme` (system, light or dark) in a cookie and redirect to `next`."""
    chosen = request.POST.get("theme")
    if chosen not in THEMES:
        return bad_request(request)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    # Not `redirect()`, which would resolve "home" as the name of a view.
    response = HttpResponseRedirect(back)
    if chosen == "system":
        response.delete_cookie("theme", samesite="Lax")
    else:
        year = 365 * 24 * 60 * 60
        response.set_cookie("theme", chosen, max_age=year, samesite="Lax", secure=settings.HTTPS, httponly=True)
    return response


def bad_request(request, exception=None):
    """Return 400. The page does not use the request's user or session, which may not be available.

    If the session was ended during the request, redirect to the sign-in page instead.
    """
    if isinstance(exception, SessionInterrupted):
        return redirect_to_sign_in(request)
    return HttpResponseBadRequest(render_to_string("400.html", site(request)))


@requires_csrf_token
def permission_denied(request, exception=None):
    """Return 403 for PermissionDenied and refusals, with the reason and the text that the user submitted.

    Scripts of this site get a fragment, which they show next to the form. If an operation was refused because the user
    was signed out during the request, such as by a change of role, redirect to the sign-in page instead.
    """
    if isinstance(exception, Refusal) and _is_session_ended(request):
        return redirect_to_sign_in(request)
    context = {"reason": str(exception or ""), "typed": _typed(request)}
    if isinstance(exception, Refusal) and wants_fragment(request):
        return render(request, "includes/_refusal.html", context, status=403)
    return render(request, "403.html", context, status=403)


@requires_csrf_token
def page_not_found(request, exception=None):
    """Return 404. The page is the same for missing objects and for objects that the user cannot see."""
    return render(request, "404.html", {"typed": _typed(request)}, status=404)


def server_error(request):
    """Return 500. The page uses neither the database nor the session, which may be the cause of the error."""
    return HttpResponseServerError(render_to_string("500.html", site(request)))


@requires_csrf_token
def csrf_failure(request, reason=""):
    """Return 403 for a form whose CSRF token is missing or invalid, and explain how to submit it again.

    Scripts of this site get a fragment.
    """
    if wants_fragment(request):
        reason = _("This page has expired. Reload it, then try again.")
        return render(request, "includes/_refusal.html", {"reason": reason}, status=403)
    context = {"typed": _typed(request), "cookies_are_off": not request.COOKIES}
    return render(request, "403_csrf.html", context, status=403)


def _is_session_ended(request):
    key = request.session.session_key
    return request.user.is_authenticated and not request.session.exists(key)


def _typed(request):
    """Return the text of a submitted post for an error page, or "" if the request body cannot be parsed."""
    try:
        return (request.POST.get("body") or QueryDict(request.POST.get(UNSENT, "")).get("body", ""))[:10_000]
    except (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return ""
