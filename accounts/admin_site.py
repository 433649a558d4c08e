"""The admin as a place in this site."""

from functools import update_wrapper

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy


class HomeroomAdminSite(admin.AdminSite):
    """Django's admin behind the site's own sign-in, so that guessing is counted and refused in one place."""

    site_header = gettext_lazy("Homeroom administration")
    site_title = gettext_lazy("Homeroom administration")
    index_title = gettext_lazy("Everything and everybody")
    enable_nav_sidebar = False  # the lists need the room; the index is one step away

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """Send a visitor to the site's sign-in; somebody who is signed in without staff rights is refused."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index", current_app=self.name))

    def logout(self, request, extra_context=None):
        """Leave by the site's own door."""
        from accounts.views import logout

        return logout(request)

    def password_change(self, request, extra_context=None):
        """Change one's own password where everybody does, so that it is on record and ends other sessions."""
        return redirect("password_change")

    def get_urls(self):
        """Send visitors straight to the site's sign-in: Django marks some addresses for the admin's own."""
        routes = super().get_urls()
        for route in routes:
            if hasattr(getattr(route, "callback", None), "login_url"):
                route.callback.login_url = reverse_lazy("login")
        return routes

    def admin_view(self, view, cacheable=False):
        """Refuse people without staff rights at once, and addresses that no database can be asked about."""
        inner = super().admin_view(view, cacheable)

        def door(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            if any("\0" in text for name, values in request.GET.lists() for text in (name, *values)):
                raise BadRequest("NUL in the query")
            return inner(request, *args, **kwargs)

        return update_wrapper(door, inner)
