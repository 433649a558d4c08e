"""The admin site.

This module is outside `accounts.admin` because Django must create the site before that package registers models.
"""

from functools import update_wrapper

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy


class HomeroomAdminSite(admin.AdminSite):
    """Django's admin with the site's own sign-in page."""

    site_header = gettext_lazy("Homeroom administration")
    site_title = gettext_lazy("Homeroom administration")
    index_title = gettext_lazy("Site administration")
    enable_nav_sidebar = False  # the lists need the width

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """Redirect visitors to the site's sign-in page. Raise PermissionDenied for users without staff rights."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index", current_app=self.name))

    def logout(self, request, extra_context=None):
        """Sign out with the site's own view."""
        from accounts.views import logout

        return logout(request)

    def password_change(self, request, extra_context=None):
        """Redirect to the site's own page, which writes to the audit log and ends other sessions."""
        return redirect("password_change")

    def get_urls(self):
        """Replace the sign-in URL that Django attaches to some of the admin's views."""
        routes = super().get_urls()
        for route in routes:
            if hasattr(getattr(route, "callback", None), "login_url"):
                route.callback.login_url = reverse_lazy("login")
        return routes

    def admin_view(self, view, cacheable=False):
        """Respond with 403 to users without staff rights."""
        inner = super().admin_view(view, cacheable)

        def checked_view(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return update_wrapper(checked_view, inner)
