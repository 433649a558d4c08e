"""Export of the user's data, and closing the account."""

from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.forms import CloseAccountForm
from accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def account_export(request):
    """Download all data about the user as a JSON file."""
    if request.method != "POST":
        return render(request, "accounts/account_export.html")
    data = actions.export_data(request.user)
    if data is None:
        return render(request, "accounts/account_export.html", {"is_running": True}, status=429)
    filename = f"homeroom-{request.user.username}.json"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(data, content_type="application/json", headers=headers)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def account_delete(request):
    """Close the user's own account, after the password and a confirmation."""
    form = CloseAccountForm(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = User.objects.get(pk=request.user.pk)
        actions.close_account(user, actor=user)
        end_session(request)
        messages.success(request, _("Account deleted. Goodbye, and thank you."))
        return redirect("landing")
    return render(request, "accounts/account_delete.html", {"form": form})
