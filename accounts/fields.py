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


class BootstrapBoundField(forms.BoundField):
    """A field whose widget has Bootstrap's classes, for `includes/_field.html`."""

    @property
    def is_checkbox(self):
        """Return whether the label comes after the widget."""
        return self.widget_type == "checkbox"

    def as_widget(self, widget=None, attrs=None, only_initial=False):
        css_class = "form-check-input" if self.is_checkbox else "form-control"
        if self.errors:
            css_class += " is-invalid"
        return super().as_widget(widget, {"class": css_class} | (attrs or {}), only_initial)
