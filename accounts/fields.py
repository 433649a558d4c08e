"""Form fields whose text is brought into one form before it is checked and counted."""

from django import forms

from accounts.text import clean_line, clean_text


class LineField(forms.CharField):
    """One line of text in any script."""

    def to_python(self, value):
        return clean_line(super().to_python(value) or "")


class TextField(forms.CharField):
    """Text with line breaks, each counted once: browsers send two characters for it."""

    widget = forms.Textarea

    def to_python(self, value):
        return clean_text(super().to_python(value) or "")
