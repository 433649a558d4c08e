"""Properties of requests, and forms that are submitted after the session has ended.

Without a session, a form is redirected to the sign-in page together with its fields. That page contains them in a
hidden field (UNSENT) and submits it to the URL of the form, where `accounts.middleware` signs the user in and shows the
page of the form. `submitted_fields` returns the fields then, but the method is GET, so nothing is saved. The server
never stores the fields.
"""

from urllib.parse import urljoin

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseRedirect
from django.views.decorators.http import require_POST

UNSENT = "unsent"
MAX_UNSENT = 100_000  # encoded characters


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


def page_action(view):
    """Accept only POST, to a URL below that of a page. Users who had to sign in are redirected to that page."""
    view = require_POST(view)
    view.is_page_action = True
    return view


def redirect_to_sign_in(request):
    """Redirect to the sign-in page and then back to this URL. The browser sends the fields of a form along."""
    if getattr(request.resolver_match and request.resolver_match.func, "is_page_action", False):
        return redirect_to_login(urljoin(request.path, ".."))
    url = redirect_to_login(request.get_full_path()).url
    has_unsent = request.method == "POST" and not wants_fragment(request) and unsent_fields(request)
    return HttpResponseRedirect(url, preserve_request=bool(has_unsent))
