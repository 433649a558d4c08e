"""The admin as a place in this site."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


class HomeroomAdminSite(admin.AdminSite):
    """Django's admin behind the site's own sign-in, so that guessing is counted and refused in one place."""

    site_header = _("Homeroom administration")
    site_title = _("Homeroom administration")
    index_title = _("Everything and everybody")
    enable_nav_sidebar = True

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """Send a visitor to the site's sign-in; somebody who is signed in without staff rights is refused."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or self.index_path(request))

    def index_path(self, request):
        """Give the address of the admin's first page."""
        from django.urls import reverse

        return reverse("admin:index", current_app=self.name)
