"""Middleware for sign-in."""

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, middleware
from django.contrib.auth.views import redirect_to_login
from django.http import QueryDict
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

from accounts.browsers import set_cookie
from accounts.refusals import MustChangePassword
from accounts.views.sign_in import LoginView
from config.requests import UNSENT, redirect_to_sign_in, wants_fragment
from config.server.pages import STALLED

NEW_PASSWORD = "password_change"  # the name of the URL


def require_new_password(request, view_func):
    """Redirect to the page that changes the password and then back, or return None for a request of that page.

    Raises MustChangePassword for requests of scripts and for automatic requests, which do not leave a page.
    """
    if request.resolver_match.view_name == NEW_PASSWORD:
        return None
    if wants_fragment(request) or getattr(view_func, "is_automatic", False):
        raise MustChangePassword
    back = request.get_full_path() if request.method == "GET" else ""
    return redirect_to_login(back, NEW_PASSWORD, REDIRECT_FIELD_NAME if back else None)


class LanguageMiddleware(MiddlewareMixin):
    """Use the language in the user's account. Without one, LocaleMiddleware uses that of the browser."""

    def process_request(self, request):  # not `process_view`, which does not run for unknown addresses
        # Pages for an outage and for files that do not exist must not wait for the database.
        if STALLED in request.META or request.path.startswith(settings.STATIC_URL):
            return
        # Not a language that has been removed from the settings.
        if request.user.is_authenticated and request.user.language in dict(settings.LANGUAGES):
            translation.activate(request.user.language)


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Preserve forms that are submitted after the session has ended. `config.requests` describes how.

    Also extend sessions on shared devices, set the cookie of a browser that a user has signed in from, and make users
    choose a new password if another person has seen theirs.
    """

    def process_view(self, request, view_func, view_args, view_kwargs):
        """Sign in at the URL of a form, and then show its page with the fields that the user submitted before."""
        if not getattr(view_func, "login_required", True):
            return None
        if UNSENT in request.POST:
            response = None if request.user.is_authenticated else LoginView.as_view()(request)
            if not request.user.is_authenticated:
                return response
            request.method, request.POST = "GET", QueryDict(request.POST[UNSENT])
            request.is_restored = True
        if not getattr(view_func, "is_automatic", False):
            request.session.record_activity()
        if request.user.is_authenticated and request.user.must_change_password:
            return require_new_password(request, view_func)
        return super().process_view(request, view_func, view_args, view_kwargs)

    def process_response(self, request, response):
        set_cookie(request, response)
        return response

    def handle_no_permission(self, request, view_func):
        return redirect_to_sign_in(request)
