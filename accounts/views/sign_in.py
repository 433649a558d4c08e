"""Sign-in and sign-out."""

from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.forms import LoginForm
from accounts.models import Role
from accounts.refusals import AccountInactive
from accounts.validators import validate_username
from config.requests import unsent_fields
from config.transactions import writing

LOGIN_URL_NAMES = {Role.STUDENT: "login_student", Role.TEACHER: "login_teacher"}


class LoginView(auth_views.LoginView):
    """Sign in users with `role`, or with any role."""

    form_class = LoginForm
    redirect_authenticated_user = True
    role = None

    def get_redirect_url(self):
        """Return `next` if it is safe and not this page, which would cause a redirect loop."""
        url = super().get_redirect_url()
        return "" if url == self.request.path else url

    def get_initial(self):
        """Prefill the username that registration passes in the URL, if it is valid."""
        username = self.request.GET.get("username", "")
        return {"username": username} if validate_username.regex.search(username) else {}

    def get_form_kwargs(self):
        """Return an unbound form if the browser was redirected here with another form (see config.requests)."""
        kwargs = super().get_form_kwargs() | {"role": self.role}
        return kwargs if "password" in self.request.POST else kwargs | {"data": None, "files": None}

    def get_context_data(self, **kwargs):
        return super().get_context_data(role=self.role, unsent=unsent_fields(self.request), **kwargs)

    def form_valid(self, form):
        """Sign in. An account that has just been deactivated gets the same error as one that was inactive before."""
        try:
            actions.sign_in(self.request, form.get_user(), remember=form.cleaned_data["remember_me"])
        except AccountInactive:
            form.add_error(None, form.get_invalid_login_error())
            return self.form_invalid(form)
        return HttpResponseRedirect(self.get_success_url())


@login_not_required
@require_POST
def logout(request):
    """Sign out and redirect to the login page of the user's role."""
    name = LOGIN_URL_NAMES.get(getattr(request.user, "role", None), "login")
    was_signed_in = request.user.is_authenticated
    with writing():
        end_session(request)
    if was_signed_in:
        messages.info(request, _("You have been signed out."))
    return redirect(name)
