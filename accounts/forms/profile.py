"""The profile."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.avatars import FORMATS, read_avatar
from accounts.fields import BootstrapBoundField, LineField
from accounts.forms.base import PASSWORD_MAX_LENGTH, _OwnWords, _unique_error
from accounts.models import User


class ProfileForm(_OwnWords):
    """What a person says of themselves, and their picture."""

    bound_field_class = BootstrapBoundField
    half_width = ("first_name", "last_name")
    field_order = (*half_width, "location", "description", "avatar", "remove_avatar", "email", "current_password")

    first_name = LineField(label=_("First name"), required=False, max_length=150)
    last_name = LineField(label=_("Last name"), required=False, max_length=150)
    avatar = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("PNG, JPEG or WebP, at most 2 MB and 16 megapixels. It is cut to a square."),
        widget=forms.FileInput(attrs={"accept": ",".join(f"image/{name.lower()}" for name in FORMATS)}),
    )
    remove_avatar = forms.BooleanField(label=_("Remove my picture"), required=False)
    current_password = forms.CharField(
        label=_("Your password"),
        required=False,
        strip=False,
        help_text=_("Only asked for when you change your email address: it opens the way to a new password."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "maxlength": PASSWORD_MAX_LENGTH}),
    )

    class Meta:
        model = User
        fields = ("first_name", "last_name", "email", "location", "description")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}
        self.fields["first_name"].widget.attrs |= {"autocomplete": "given-name"}
        self.fields["last_name"].widget.attrs |= {"autocomplete": "family-name"}
        self.picture = None
        self.old_email = self.instance.email
        self.had_picture = bool(self.instance.avatar)
        if not self.had_picture:
            del self.fields["remove_avatar"]

    def clean_email(self):
        """Return the address in its one form."""
        return User.objects.normalize_email(self.cleaned_data["email"])

    def clean(self):
        cleaned = super().clean()
        is_moving = "email" in cleaned and cleaned["email"] != self.old_email
        if is_moving and not self.instance.check_password(cleaned.get("current_password", "")[:PASSWORD_MAX_LENGTH]):
            message = _("Type your password to change your email address.")
            self.add_error("current_password", ValidationError(message, code="wrong_password"))
        return cleaned

    def clean_avatar(self):
        """Return nothing, having read the upload into `picture`: the model's file is not the form's to set."""
        upload = self.cleaned_data.get("avatar")
        if upload:
            self.picture = read_avatar(upload)

    @property
    def changed_fields(self):
        """The names of the model fields whose values differ from the saved ones."""
        return [name for name in self._meta.fields if self.cleaned_data[name] != self.initial[name]]

    def add_conflict(self):
        """Add the error for an email address that another request took in the meantime."""
        self.add_error("email", _unique_error("email"))
