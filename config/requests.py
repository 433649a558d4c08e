"""Properties of requests, and forms that are submitted after the session has ended.

Without a session, a form is redirected to the sign-in page together with its fields. That page contains them in a
hidden field (UNSENT) and submits it to the URL of the form, where `accounts.middleware` signs the user in and shows the
page of the form. `submitted_fields` returns the fields then, but the method is GET, so nothing is saved. The server
never stores the fields.
"""

from urllib.parse import quote, urljoin

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

UNSENT = "unsent"
MAX_UNSENT = 100_000  # encoded characters
MAX_NEXT = 1500  # encoded characters; Django rejects redirects to URLs with more than 2048


def wants_fragment(request) -> bool:
    """Return whether a script of this site made the request, and inserts the response into a page or ignores it."""
    # `request.headers` would parse all headers. Beacons have none.
    return request.META.get("HTTP_X_REQUESTED_WITH") == "fetch" or "beacon" in request.POST


def submitted_fields(request):
    """Return the fields of a form that was submitted, now or before the user signed in, or None for an empty form."""
    return request.POST if request.method == "POST" or request.POST else None


def unsent_fields(request) -> str:
    """Return the fields of a form as a query string without passwords, or "" if they are blank or too long."""
    if UNSENT in request.POST:
        return request.POST[UNSENT]
    if "password" in request.POST:  # this is a sign-in form, or looks like one to the sign-in page
        return ""
    fields = request.POST.copy()
    for name in request.POST:
        if name == "csrfmiddlewaretoken" or "password" in name.lower():
            del fields[name]
    text = fields.urlencode() if any(value.strip() for values in fields.lists() for value in values[1]) else ""
    return text if len(text) <= MAX_UNSENT else ""


def fields_to_repeat(request) -> list[tuple[str, str]]:
    """Return the fields of a form, to submit them again, or [] if they are too long. Passwords are blank."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    if sum(len(name) + len(value) for name, value in fields) > MAX_UNSENT:
        return []
    return [(name, "" if "password" in name.lower() else value) for name, value in fields]


def next_url(request, default: str) -> str:
    """Return the field or the parameter `next` if it is a URL of this site, and otherwise `default`."""
    url = request.POST.get("next") or request.GET.get("next", "")
    is_safe = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if is_safe and len(quote(url, safe="/")) <= MAX_NEXT else default


def redirect_to_next(request, default):
    """Redirect to the URL `next` if it is one of this site, otherwise to `default` (a URL or its name)."""
    return HttpResponseRedirect(next_url(request, resolve_url(default)))


def next_query(url) -> str:
    """Return the query string of a link that preserves `next`, or "" if `url` is empty."""
    return f"?next={quote(url, safe='/')}" if url else ""


def page_action(view, page: str = ".."):
    """Accept only POST, to a URL below that of a page, which has the relative URL `page`.

    Users who had to sign in are redirected to that page.
    """
    view = require_POST(view)
    view.page = page
    return view


def automatic(view):
    """Mark a view that open pages request without an action of the user. Such requests do not extend a session."""
    view.is_automatic = True
    return view


def redirect_to_sign_in(request):
    """Redirect to the sign-in page and then back to this URL. The browser sends the fields of a form along."""
    page = getattr(request.resolver_match and request.resolver_match.func, "page", None)
    if page:
        return redirect_to_login(urljoin(request.path, page))
    url = redirect_to_login(request.get_full_path()).url
    has_unsent = request.method == "POST" and not wants_fragment(request) and unsent_fields(request)
    return HttpResponseRedirect(url, preserve_request=bool(has_unsent))
