"""Registration forms."""

from django import forms
from django.contrib.auth import forms as auth_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import PASSWORD_MISMATCH, ProfileMeta, UniqueNamesMixin, unique_error
from accounts.models import Student, Teacher, User
from accounts.text import LineField, NewPasswordField


class RegistrationForm(UniqueNamesMixin, auth_forms.BaseUserCreationForm):
    """Base class: the fields that students and teachers share."""

    field_order = ("username", "email", "password1", "password2", "location", "description", "invitation")

    error_messages = PASSWORD_MISMATCH

    password1 = NewPasswordField(
        label=_("Password"), help_text=_("At least 10 characters. Three or four random words make a strong password.")
    )
    password2 = NewPasswordField(label=_("Repeat password"))

    class Meta(ProfileMeta):
        fields = ("username", "email", "location", "description")
        help_texts = {"email": _("To sign in and reset your password. Students can't see it.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {"autocomplete": "username", "spellcheck": "false", "autofocus": True}
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}

    def clean(self):
        """Reject lookalikes of the usernames of teachers and administrators.

        An invitation code approves the user, and no administrator would see whose name looks like theirs.
        """
        cleaned = super().clean()
        if self.find_lookalikes(is_approved=bool(cleaned.get("invitation"))):
            message = _("This username looks like another user's. Choose another one.")
            self.add_error("username", ValidationError(message, code="lookalike"))
        return cleaned

    def add_conflict(self, error):
        """Add an error for a username, email address or invitation code that another request used in the meantime.

        `error` is the ValidationError or IntegrityError that `actions.register_user` raised.
        """
        if isinstance(error, ValidationError):
            self.add_error(None, error)
            return
        user = self.instance
        for name, users in (
            ("username", User.objects.filter(username_key=user.username.lower())),
            ("email", User.objects.filter(email=user.email)),
        ):
            if users.exists():
                self.add_error(name, unique_error(name))
        if not self.errors:
            self.add_error(None, ValidationError(_("Your account was not created. Try again."), code="race"))


class StudentRegistrationForm(RegistrationForm):
    class Meta(RegistrationForm.Meta):
        model = Student
        help_texts = {"email": _("To sign in and reset your password. Other students can't see it.")}


class TeacherRegistrationForm(RegistrationForm):
    """Register a teacher, who is pending unless they have an invitation code."""

    invitation = LineField(
        label=_("Invitation code"),
        required=False,
        max_length=40,
        help_text=_("Optional. With a code from an administrator, you don't have to wait for approval."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )

    class Meta(RegistrationForm.Meta):
        model = Teacher
