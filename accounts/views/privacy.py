"""Export and closing."""

from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts import actions
from accounts.forms import CloseAccountForm
from accounts.models import User


# Looking does nothing but for the line in the record, so a plain link may do it.
@require_GET
def account_export(request):
    """Send everything that is kept about this person, as a JSON file; the record says that it was taken."""
    response = JsonResponse(actions.export_data(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="homeroom-{request.user.username}.json"'
    return response


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def account_delete(request):
    """Take leave for good, after the password and a plain word."""
    form = CloseAccountForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = User.objects.get(pk=request.user.pk)
        actions.close_account(person, actor=person)
        end_session(request)
        messages.success(request, _("Your account is deleted. Thank you for having been here."))
        return redirect("landing")
    return render(request, "accounts/account_delete.html", {"form": form})
