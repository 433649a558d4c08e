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
