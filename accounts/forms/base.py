"""Elements that several forms share."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.throttle import Kind
from accounts.text import LineField, TextField
from accounts.throttling import counter, reserve
from accounts.validators import TOO_LONG
from config.refusals import Throttled

PASSWORD_MISMATCH = {"password_mismatch": _("The passwords don't match. Enter the same password twice.")}
STRONG_PASSWORD = _("Three or four random words make a strong password. Common passwords don't work.")
LOOKALIKE = _("This username looks like another user's. Choose another one.")
WRONG_PASSWORD = _("Wrong password.")
# Instead of Django's messages, which do not explain what to do.
ERROR_MESSAGES = {
    forms.Field: {"required": _("Fill in this field.")},
    forms.CharField: {
        "max_length": TOO_LONG,
        "null_characters_not_allowed": _("Remove the characters that are not visible."),
    },
    forms.EmailField: {"invalid": _("Enter an email address like name@school.example.")},
    forms.BooleanField: {"required": _("Tick this box.")},
    forms.ChoiceField: {"invalid_choice": _("Choose one of the options.")},
    forms.IntegerField: {"invalid": _("Enter a whole number.")},
    forms.DateTimeField: {"invalid": _("Enter a date and a time.")},
    forms.FileField: dict.fromkeys(("empty", "invalid", "missing"), _("This file is empty. Choose another one.")),
}


class ThrottledMixin:
    """Show a Throttled exception of a `clean` method as the only error of the form. `add_status` adds the status."""

    refusal = None

    def full_clean(self):
        try:
            super().full_clean()
        except Throttled as refusal:
            self.refusal = refusal
            self.errors.clear()  # they may reveal what the user guesses
            self.add_error(None, ValidationError(str(refusal), code="throttled"))

    def add_status(self, response):
        """Return the response that shows the form, with the status of the refusal if there is one."""
        return self.refusal.add_to(response) if self.refusal else response


class ErrorMessagesMixin:
    """Use ERROR_MESSAGES for all fields of a form."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            for field_class, messages in ERROR_MESSAGES.items():
                if isinstance(field, field_class):
                    field.error_messages |= messages


class NewPasswordMixin:
    """Show the errors of a new password at its first field, and a mismatch only if the password is valid."""

    def validate_passwords(self, *names):
        """Do nothing, because Django calls this method before the other one."""

    def validate_password_for_user(self, user, repeated="password2"):
        name = repeated.replace("2", "1")
        super().validate_password_for_user(user, name)
        if name in self.cleaned_data:
            super().validate_passwords(name, repeated)


def check_own_password(user, password, is_guess=False) -> bool:
    """Return whether `password` is the password of the signed-in `user`. Raises Throttled after too many failures.

    With `is_guess`, the attempt counts as a failure even if the password is correct.
    """
    attempt = reserve(counter(Kind.PASSWORD, user.pk, username=user.username))
    is_correct = user.check_password(password)
    if is_correct and not is_guess:
        attempt.refund()
    return is_correct


def unique_error(field):
    """Return the error for a username or an email address that another user has."""
    return ValidationError(User._meta.get_field(field).error_messages["unique"], code="unique")


class UniqueNamesMixin(ErrorMessagesMixin, forms.ModelForm):
    """Check that username and email address are unique, ignoring case. Errors are shown at their fields.

    Only accounts that a class list created without an email address can stay without one.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "email" in self.fields:
            self.fields["email"].required = self.instance.pk is None or self.instance.email is not None

    def clean_username(self):
        # The unique constraint of the model would cause an error without a field.
        username = self.cleaned_data["username"]
        if User.objects.filter(username_key=username.lower()).exclude(pk=self.instance.pk).exists():
            raise unique_error("username")
        return username

    def clean_email(self):
        return User.objects.normalize_email(self.cleaned_data["email"])

    def find_lookalikes(self, is_approved: bool) -> list[str]:
        """Return usernames that the new username must not look like, [] if it is invalid.

        These are the names of approved teachers and administrators, or all names if the new user `is_approved` too.
        """
        username = self.cleaned_data.get("username", "")
        users = User.objects.all() if is_approved else User.objects.with_protected_names()
        return users.find_lookalikes([username]).get(username, []) if username else []


class ProfileMeta:
    """Base class of the Meta classes of forms with profile fields."""

    model = User
    field_classes = dict.fromkeys(User.PROFILE_FIELDS, LineField) | {"description": TextField}
    labels = {"description": _("About you")}
    widgets = {"description": forms.Textarea(attrs={"rows": 3})}
