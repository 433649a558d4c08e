"""Elements that several forms share."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.text import LineField, TextField
from accounts.validators import TOO_LONG

PASSWORD_MISMATCH = {"password_mismatch": _("The passwords don't match. Enter the same password twice.")}
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
    forms.FileField: dict.fromkeys(("empty", "invalid", "missing"), _("This file is empty. Choose another one.")),
}


class ErrorMessagesMixin:
    """Use ERROR_MESSAGES for all fields of a form."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            for field_class, messages in ERROR_MESSAGES.items():
                if isinstance(field, field_class):
                    field.error_messages |= messages


def unique_error(field):
    """Return the error for a username or an email address that another user has."""
    return ValidationError(User._meta.get_field(field).error_messages["unique"], code="unique")


class UniqueNamesMixin(ErrorMessagesMixin, forms.ModelForm):
    """Check that username and email address are unique, ignoring case. Errors are shown at their fields."""

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
