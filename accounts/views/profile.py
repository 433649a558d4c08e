"""The user's own profile."""

from django.contrib import messages
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.forms import ProfileForm
from accounts.models import User
from config.requests import submitted_fields


@require_http_methods(["GET", "HEAD", "POST"])
def account_edit(request):
    """Edit the user's own profile and picture."""
    # A form with errors changes its instance, and the page's header shows `request.user`.
    user = User.objects.get(pk=request.user.pk)
    form = ProfileForm(submitted_fields(request), request.FILES or None, instance=user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_profile(
                user, form.changed_fields, form.picture, remove_avatar=form.cleaned_data.get("remove_avatar", False)
            )
        except IntegrityError:
            form.add_conflict()
        else:
            messages.success(request, _("Profile saved."))
            return redirect("account")
    form.ask_for_picture_again()
    return form.add_status(render(request, "accounts/account_edit.html", {"form": form}))
