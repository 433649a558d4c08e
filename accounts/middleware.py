"""Middleware for sign-in."""

from django.contrib.auth import middleware
from django.http import QueryDict

from accounts.views.sign_in import LoginView
from config.requests import UNSENT, redirect_to_sign_in


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """Preserve forms that are submitted after the session has ended. `config.requests` describes how."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        """Sign in at the URL of a form, and then show its page with the fields that the user submitted before."""
        if UNSENT in request.POST and getattr(view_func, "login_required", True):
            response = None if request.user.is_authenticated else LoginView.as_view()(request)
            if not request.user.is_authenticated:
                return response
            request.method, request.POST = "GET", QueryDict(request.POST[UNSENT])
            request.is_restored = True
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(self, request, view_func):
        return redirect_to_sign_in(request)
