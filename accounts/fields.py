"""Form fields that clean their text before it is validated."""

from django import forms

from accounts.text import clean_line, clean_text
from accounts.validators import TOO_LONG, TOO_SHORT

# A longer text is validated before it is cleaned, because cleaning two megabytes takes half a second of CPU time.
MAX_UNCLEANED = 10_000  # characters


class CleanedTextField(forms.CharField):
    """Base class, with short messages for texts that are too long or too short. `clean_value` cleans the text."""

    default_error_messages = {"max_length": TOO_LONG, "min_length": TOO_SHORT}

    def to_python(self, value):
        value = super().to_python(value) or ""
        if len(value) > MAX_UNCLEANED:
            self.run_validators(value)
        return self.clean_value(value)


class LineField(CleanedTextField):
    clean_value = staticmethod(clean_line)


class TextField(CleanedTextField):
    """Text with line breaks. Each line break counts as one character, although browsers submit two."""

    widget = forms.Textarea
    clean_value = staticmethod(clean_text)
