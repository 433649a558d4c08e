"""Registration forms."""

from django import forms
from django.contrib.auth import forms as auth_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import (
    LOOKALIKE,
    PASSWORD_MISMATCH,
    STRONG_PASSWORD,
    NewPasswordMixin,
    ProfileMeta,
    ThrottledMixin,
    UniqueNamesMixin,
    unique_error,
)
from accounts.models import Student, Teacher, User
from accounts.text import LineField, NewPasswordField
from accounts.throttling import address_counter, reserve

# Errors that reveal a username, an email address or an invitation code, or that a guessed one does not exist.
GUESSES = {"unique", "lookalike", "invitation"}


class RegistrationForm(ThrottledMixin, UniqueNamesMixin, NewPasswordMixin, auth_forms.BaseUserCreationForm):
    """Base class: the fields that students and teachers share."""

    field_order = ("username", "first_name", "email", "password1", "password2")  # then the optional fields

    error_messages = PASSWORD_MISMATCH

    password1 = NewPasswordField(label=_("Password"), help_text=STRONG_PASSWORD, shows_rules=True)
    password2 = NewPasswordField(label=_("Repeat password"))

    class Meta(ProfileMeta):
        fields = ("username", "first_name", "email", "location", "description")
        help_texts = {
            "first_name": _("Optional. Shown with your username."),
            "email": _("To sign in and reset your password. Students can't see it."),
        }

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.attempt = request, None
        self.fields["username"].widget.attrs |= {"autocomplete": "username", "spellcheck": "false", "autofocus": True}
        self.fields["first_name"].widget.attrs |= {"autocomplete": "given-name"}
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}

    def clean(self):
        """Reject lookalikes of the usernames of teachers and administrators.

        An invitation code approves the user, and no administrator would see whose name looks like theirs.
        """
        self.attempt = reserve(address_counter(self.request))
        cleaned = super().clean()
        if self.find_lookalikes(is_approved=bool(cleaned.get("invitation"))):
            self.add_error("username", ValidationError(LOOKALIKE, code="lookalike"))
        return cleaned

    def refund_attempt(self):
        """Do not count the attempt if it guessed nothing. Call it after the registration."""
        codes = {error.code for errors in self.errors.as_data().values() for error in errors}
        if self.attempt and not codes & GUESSES:
            self.attempt.refund()

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
        email = _("To sign in and reset your password. Other students can't see it.")
        help_texts = RegistrationForm.Meta.help_texts | {"email": email}


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
