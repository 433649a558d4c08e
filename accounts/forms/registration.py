"""Registration."""

from django import forms
from django.contrib.auth import forms as auth_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.fields import LineField
from accounts.forms.base import PASSWORD_MAX_LENGTH, _OwnWords, _unique_error, calm_helper
from accounts.models import Student, Teacher, User


class RegistrationForm(_OwnWords, auth_forms.BaseUserCreationForm):
    """A new person; the class that derives from this says of which kind."""

    field_order = ("username", "email", "password1", "password2", "location", "description", "invitation")

    error_messages = auth_forms.BaseUserCreationForm.error_messages | {
        "password_mismatch": _("The two passwords are not the same.")
    }

    class Meta:
        model = User
        fields = ("username", "email", "location", "description")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {"autocomplete": "username", "spellcheck": "false", "autofocus": True}
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}
        self.fields["email"].help_text = _("For signing in and resetting your password. Classmates never see it.")
        for name in ("password1", "password2"):
            self.fields[name].max_length = PASSWORD_MAX_LENGTH
            self.fields[name].widget.attrs["maxlength"] = PASSWORD_MAX_LENGTH
            self.fields[name].validators.append(forms.fields.validators.MaxLengthValidator(PASSWORD_MAX_LENGTH))
        self.fields["password1"].help_text = _(
            "At least 10 characters. A few words that belong together only for you are better than symbols."
        )
        self.fields["password2"].help_text = ""
        self.helper = calm_helper(_("Register"), *self.fields)

    def clean_username(self):
        # BaseUserCreationForm's own check is left aside: the key decides, whatever the case.
        username = self.cleaned_data["username"]
        if User.objects.filter(username_key=username.lower()).exists():
            raise _unique_error("username")
        return username

    def clean_email(self):
        """Return the address in its one form."""
        return User.objects.normalize_email(self.cleaned_data["email"])

    def add_conflict(self, error):
        """Add the error for what another request took in the meantime: a name, an address or an invitation code.

        `error` is what `accounts.actions.register` raised: a ValidationError or an IntegrityError.
        """
        if isinstance(error, ValidationError):
            self.add_error(None, error)
            return
        user = self.instance
        for name, taken in (
            ("username", User.objects.filter(username_key=user.username.lower())),
            ("email", User.objects.filter(email=user.email)),
        ):
            if taken.exists():
                self.add_error(name, _unique_error(name))
        if not self.errors:
            self.add_error(None, ValidationError(_("That did not work. Please send the form again."), code="race"))


class StudentRegistrationForm(RegistrationForm):
    """A new student."""

    class Meta(RegistrationForm.Meta):
        model = Student


class TeacherRegistrationForm(RegistrationForm):
    """A new teacher, who waits for an administrator unless an invitation came along."""

    invitation = LineField(
        label=_("Invitation code"),
        required=False,
        max_length=40,
        help_text=_("Optional. With a code from your administrator you need not wait for approval."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )

    class Meta(RegistrationForm.Meta):
        model = Teacher
