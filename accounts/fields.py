"""Form fields that clean their text before it is validated."""

from django import forms

from accounts.text import clean_line, clean_text
from accounts.validators import TOO_LONG, TOO_SHORT


class CleanedTextField(forms.CharField):
    """Base class, with short messages for texts that are too long or too short."""

    default_error_messages = {"max_length": TOO_LONG, "min_length": TOO_SHORT}


class LineField(CleanedTextField):
    def to_python(self, value):
        return clean_line(super().to_python(value) or "")


class TextField(CleanedTextField):
    """Text with line breaks. Each line break counts as one character, although browsers submit two."""

    widget = forms.Textarea

    def to_python(self, value):
        return clean_text(super().to_python(value) or "")
