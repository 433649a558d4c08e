"""Form fields that clean their text before it is validated."""

from django import forms

from accounts.hashers import MAX_UNNORMALIZED, normalize_password
from accounts.text import clean_line, clean_text
from accounts.validators import PASSWORD_MAX_LENGTH, TOO_LONG


class CleanedTextField(forms.CharField):
    """Base class, with a short message for texts that are too long. `clean_value` cleans the text."""

    default_error_messages = {"max_length": TOO_LONG}
    # A longer text is validated before it is cleaned, because cleaning two megabytes takes half a second of CPU time.
    max_uncleaned = 10_000  # characters

    def to_python(self, value):
        value = super().to_python(value) or ""
        if len(value) > self.max_uncleaned:
            self.run_validators(value)
        return self.clean_value(value)


class LineField(CleanedTextField):
    clean_value = staticmethod(clean_line)


class TextField(CleanedTextField):
    """Text with line breaks. Each line break counts as one character, although browsers submit two."""

    widget = forms.Textarea
    clean_value = staticmethod(clean_text)


class NewPasswordField(CleanedTextField):
    """A new password, normalized before its length is counted."""

    max_uncleaned = MAX_UNNORMALIZED
    clean_value = staticmethod(normalize_password)

    def __init__(self, **options):
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        super().__init__(strip=False, max_length=PASSWORD_MAX_LENGTH, widget=widget, **options)

    def widget_attrs(self, widget):
        # Not `maxlength`: browsers would cut off a long password without an error.
        return {}
