"""The appearance of the site, its manifest as a web app, and the error pages."""

import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import (
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseNotFound,
    HttpResponseRedirect,
    HttpResponseServerError,
    JsonResponse,
    QueryDict,
)
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST, require_safe

from config.context_processors import APPEARANCE, site
from config.logs import request_id
from config.outages import is_outage
from config.refusals import Refusal
from config.requests import UNSENT, fields_to_repeat, next_url, redirect_to_sign_in, wants_fragment

RETRY_SECONDS = 5  # after which clients can repeat a request that failed because of an outage
UNREADABLE = (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError)  # raised for invalid bodies


@login_not_required
@require_POST
def theme(request):
    """Store `theme`, `text_size` or `spacing`, values of APPEARANCE, in cookies and redirect to `next`."""
    chosen = {name: request.POST[name] for name in APPEARANCE if name in request.POST}
    if not chosen or any(value not in APPEARANCE[name] for name, value in chosen.items()):
        return bad_request(request)
    # Not `redirect()`, which would resolve "home" as the name of a view.
    response = HttpResponseRedirect(next_url(request, "/"))
    for name, value in chosen.items():
        if value == APPEARANCE[name][0]:
            response.delete_cookie(name, samesite="Lax")
        else:
            year = 365 * 24 * 60 * 60
            response.set_cookie(name, value, max_age=year, samesite="Lax", secure=settings.HTTPS, httponly=True)
    return response


@login_not_required
@require_safe
def manifest(request):
    """Describe the site as an app that users can add to their home screen."""
    icons = [("192", "any"), ("512", "any"), ("512", "maskable")]
    values = {
        "name": f"Homeroom · {settings.SCHOOL_NAME}" if settings.SCHOOL_NAME else "Homeroom",
        "short_name": "Homeroom",
        "id": "/",
        "start_url": "/",
        "display": "standalone",
        "background_color": "#f7f5f0",
        "theme_color": "#17624f",
        "icons": [
            {
                "src": static(f"img/icon-{purpose}-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for size, purpose in icons
        ],
    }
    headers = {"Cache-Control": "public, max-age=3600"}
    return JsonResponse(values, content_type="application/manifest+json", headers=headers)


def bad_request(request, exception=None):
    """Return 400. The page does not use the request's user or session, which may not be available.

    If the session was ended during the request, redirect to the sign-in page instead.
    """
    if isinstance(exception, SessionInterrupted):
        return redirect_to_sign_in(request)
    return HttpResponseBadRequest(render_to_string("400.html", site(request)))


@requires_csrf_token
def permission_denied(request, exception=None):
    """Return 403 for PermissionDenied, or the status of a refusal, with the reason and the text that was submitted.

    Scripts of this site get a fragment, which they show next to the form. If an operation was refused because the user
    was signed out during the request, such as by a change of role, redirect to the sign-in page instead.
    """
    if isinstance(exception, Refusal) and _is_session_ended(request):
        return redirect_to_sign_in(request)
    context = {"reason": str(exception or ""), "typed": _typed(request)}
    if not isinstance(exception, Refusal):
        return render(request, "403.html", context, status=403)
    template = "includes/_refusal.html" if wants_fragment(request) else f"{exception.status}.html"
    return exception.add_to(render(request, template, context))


@requires_csrf_token
def page_not_found(request, exception=None):
    """Return 404. The page is the same for missing objects and for objects that the user cannot see.

    A missing static file returns a line of text, because the page uses the database.
    """
    if request.path.startswith(settings.STATIC_URL):
        return HttpResponseNotFound("This file does not exist.\n", content_type="text/plain")
    return render(request, "404.html", {"typed": _typed(request)}, status=404)


def server_error(request):
    """Return 503 for an outage, and otherwise 500. Neither page uses the database or the session.

    Django calls this function while it handles the exception.
    """
    if is_outage(sys.exception()):
        return unavailable(request)
    return HttpResponseServerError(render_to_string("500.html", site(request) | {"reference": request_id.get()}))


def unavailable(request):
    """Return 503, with a button that submits the same form again. Scripts of this site get a fragment."""
    try:
        fields = fields_to_repeat(request) if request.method == "POST" else []
        is_fragment = wants_fragment(request)
    except UNREADABLE:
        fields, is_fragment = [], False
    context = site(request) | {
        "is_form": request.method == "POST",
        "is_registration": "password1" in dict(fields),
        "has_files": bool(fields and request.FILES),
        "fields": fields,
        "typed": _typed(request),
        "url": request.get_full_path(),
        "reference": request_id.get(),
        "reason": _("The site isn't available right now. Wait a few seconds, then try again."),
    }
    page = render_to_string("includes/_refusal.html" if is_fragment else "503.html", context)
    return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_SECONDS)})


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
    except UNREADABLE:
        return ""
