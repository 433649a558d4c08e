"""Export of the user's data, and closing the account."""

from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.forms import CloseAccountForm
from accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def account_export(request):
    """Download all data about the user as a JSON file, or as a ZIP file if there are files in the user's posts."""
    if request.method != "POST":
        return render(request, "accounts/account_export.html")
    export = actions.export_data(request.user)
    if export is None:
        return render(request, "accounts/account_export.html", {"is_running": True}, status=429)
    filename = f"homeroom-{request.user.username}"
    if export.archive:
        return FileResponse(export.archive, as_attachment=True, filename=f"{filename}.zip")
    headers = {"Content-Disposition": f'attachment; filename="{filename}.json"'}
    return HttpResponse(export.data, content_type="application/json", headers=headers)


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
    return form.add_status(render(request, "accounts/account_delete.html", {"form": form}))
