"""Sign-in and sign-out."""

from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.browsers import remember_browser
from accounts.forms import LoginForm
from accounts.models import Role
from accounts.refusals import AccountInactive
from accounts.validators import validate_username
from config.requests import next_query, next_url, unsent_fields
from config.transactions import writing

LOGIN_URL_NAMES = {Role.STUDENT: "login_student", Role.TEACHER: "login_teacher"}


class LoginView(auth_views.LoginView):
    """Sign in users with `role`, or with any role."""

    form_class = LoginForm
    redirect_authenticated_user = True
    role = None

    @method_decorator(login_not_required)
    def dispatch(self, request, *args, **kwargs):
        """Warn a signed-in user who opens a link for another account, such as the link on a card."""
        username = self.get_initial().get("username", "")
        if request.user.is_authenticated and username and username.lower() != request.user.username_key:
            text = _("You are signed in as %(name)s. To use another account, sign out first.")
            messages.warning(request, text % {"name": request.user.username})
        return super().dispatch(request, *args, **kwargs)

    def get_redirect_url(self):
        """Return `next` if it is safe and not this page, which would cause a redirect loop."""
        url = next_url(self.request, "")
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
        context = {"role": self.role, "unsent": unsent_fields(self.request)}
        return super().get_context_data(next_query=next_query(self.get_redirect_url()), **context, **kwargs)

    def form_invalid(self, form):
        return form.add_status(super().form_invalid(form))

    def form_valid(self, form):
        """Sign in. An account that has just been deactivated gets the same error as one that was inactive before."""
        remember, is_shared = form.cleaned_data["remember_me"], form.cleaned_data["shared_device"]
        try:
            actions.sign_in(self.request, form.get_user(), remember and not is_shared, is_shared)
        except AccountInactive:
            form.log_failure()
            form.add_error(None, form.get_invalid_login_error())
            return self.form_invalid(form)
        if not is_shared:
            remember_browser(self.request, form.get_user())
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
