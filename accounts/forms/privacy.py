"""The form that closes an account."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.actions.locking import require_other_administrator
from accounts.forms.base import WRONG_PASSWORD, ErrorMessagesMixin, ThrottledMixin, check_own_password
from accounts.refusals import LastAdministrator


class CloseAccountForm(ThrottledMixin, ErrorMessagesMixin, forms.Form):
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    understood = forms.BooleanField(label=_("I understand that this can't be undone."))

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self):
        """Reject the last administrator."""
        try:
            require_other_administrator([self.user])
        except LastAdministrator as refusal:
            raise ValidationError(str(refusal), code="last_administrator") from None
        return super().clean()

    def clean_password(self):
        password = self.cleaned_data["password"]
        if not check_own_password(self.user, password):
            raise ValidationError(WRONG_PASSWORD, code="wrong_password")
        return password
