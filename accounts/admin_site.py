"""The admin site.

This module is outside `accounts.admin` because Django must create the site before that package registers models.
"""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy


class HomeroomAdminSite(admin.AdminSite):
    """Django's admin with the site's own sign-in page."""

    site_header = gettext_lazy("Homeroom administration")
    site_title = gettext_lazy("Homeroom administration")
    index_title = gettext_lazy("Site administration")
    enable_nav_sidebar = False  # the lists need the width

    def has_permission(self, request):
        """Raise PermissionDenied for users without staff rights, instead of the sign-in page."""
        is_staff = super().has_permission(request)
        if request.user.is_authenticated and not is_staff:
            raise PermissionDenied
        return is_staff

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """Redirect to the site's sign-in page."""
        url = request.GET.get("next") or reverse("admin:index")
        return redirect("admin:index") if self.has_permission(request) else redirect_to_login(url)

    @method_decorator(login_not_required)
    def logout(self, request, extra_context=None):
        """Sign out with the site's own view."""
        from accounts.views import logout

        return logout(request)

    def password_change(self, request, extra_context=None):
        """Redirect to the site's own page, which writes to the audit log and ends other sessions."""
        return redirect("password_change")
