"""What belongs to the site as a whole: health, the theme switch, and the pages that say that something is wrong."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, HttpResponseServerError
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST, require_safe

from config.context_processors import site
from config.refusals import Refusal
from config.requests import wants_fragment

THEMES = ("system", "light", "dark")


@login_not_required
@require_safe
def healthz(request):
    """Say that the process answers; asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request):
    """Say whether the site can serve: 200 when the database answers, 503 when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


@login_not_required
@require_POST
def theme(request):
    """Keep the look that was chosen (`theme`: system, light or dark) in a cookie and go back to the page."""
    chosen = request.POST.get("theme")
    if chosen not in THEMES:
        return bad_request(request)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    # Not `redirect()`, which takes a word for the name of a view.
    response = HttpResponseRedirect(back)
    if chosen == "system":
        response.delete_cookie("theme", samesite="Lax")
    else:
        year = 365 * 24 * 60 * 60
        response.set_cookie("theme", chosen, max_age=year, samesite="Lax", secure=settings.HTTPS, httponly=True)
    return response


def bad_request(request, exception=None):
    """Answer 400. The request may be too broken for the rest of the site, so the page asks nothing of it."""
    return HttpResponseBadRequest(render_to_string("400.html", site(request)))


@requires_csrf_token
def permission_denied(request, exception=None):
    """Respond to PermissionDenied and to refusals with 403, the reason and the text that the user submitted.

    Scripts of this site get a fragment, which they show next to the form.
    """
    context = {"reason": str(exception or ""), "typed": _typed(request)}
    if isinstance(exception, Refusal) and wants_fragment(request):
        return render(request, "includes/_refusal.html", context, status=403)
    return render(request, "403.html", context, status=403)


@requires_csrf_token
def page_not_found(request, exception=None):
    """Answer 404, the same for what does not exist and for what this person may not know of."""
    return render(request, "404.html", {"typed": _typed(request)}, status=404)


def server_error(request):
    """Answer 500. Whatever broke may be the database or the session, so the page asks nothing of either."""
    return HttpResponseServerError(render_to_string("500.html", site(request)))


@requires_csrf_token
def csrf_failure(request, reason=""):
    """Answer 403 to a form whose token is missing or old, with a way to send it again."""
    return render(request, "403_csrf.html", {"typed": _typed(request)}, status=403)


def _typed(request):
    """Return the text of a submitted post, so that an error page can show it; "" if the body cannot be parsed."""
    try:
        return request.POST.get("body", "")[:10_000]
    except (BadRequest, MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return ""
