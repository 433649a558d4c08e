"""What several forms share."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.fields import LineField, TextField
from accounts.models import User

PASSWORD_MAX_LENGTH = 128


def calm_helper(submit, *layout):
    """Return a form helper: no tag of its own, errors above and beside the fields, one button."""
    helper = FormHelper()
    helper.form_tag = False
    helper.form_show_errors = True
    helper.layout = Layout(
        *layout, Div(Submit("submit", submit, css_class="btn-lg", css_id="submit-form"), css_class="form-actions")
    )
    return helper


def _unique_error(field):
    return ValidationError(User._meta.get_field(field).error_messages["unique"], code="unique")


class _OwnWords(forms.ModelForm):
    """The fields in which people write about themselves."""

    location = LineField(
        label=_("Location"), required=False, help_text=User._meta.get_field("location").help_text, max_length=40
    )
    description = TextField(
        label=_("About you"),
        required=False,
        help_text=User._meta.get_field("description").help_text,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
