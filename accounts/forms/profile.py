"""The profile form."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.base import ProfileMeta, ThrottledMixin, UniqueNamesMixin, check_own_password, unique_error
from accounts.models import User
from accounts.pictures import FORMATS, read_avatar


class ProfileForm(ThrottledMixin, UniqueNamesMixin):
    """Edit profile, profile picture and email address. `picture` is the decoded upload, or None."""

    field_order = ("avatar", "remove_avatar", *User.PROFILE_FIELDS, "language", "email", "current_password")

    avatar = forms.FileField(
        label=_("Profile picture"),
        required=False,
        help_text=_("PNG, JPEG or WebP, maximum 2 MB and 16 megapixels (WebP: 9). It will be cropped to a square."),
        widget=forms.FileInput(attrs={"accept": ",".join(f"image/{name.lower()}" for name in FORMATS)}),
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("The language of your browser")), *settings.LANGUAGES]
    )
    remove_avatar = forms.BooleanField(label=_("Remove profile picture"), required=False)
    current_password = forms.CharField(
        label=_("Your password"),
        required=False,
        strip=False,
        help_text=_("Only needed to change your email address, because it can be used to reset your password."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    class Meta(ProfileMeta):
        fields = (*User.PROFILE_FIELDS, "language", "email")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}
        self.fields["first_name"].widget.attrs |= {"autocomplete": "given-name"}
        self.fields["last_name"].widget.attrs |= {"autocomplete": "family-name"}
        self.user = self.instance
        self.picture = None
        self.old_email = self.instance.email
        self.had_picture = bool(self.instance.avatar)
        if not self.had_picture:
            del self.fields["remove_avatar"]

    def clean(self):
        cleaned = super().clean()
        if "email" not in cleaned or cleaned["email"] == self.old_email:
            return cleaned
        # The error for a taken address reveals it, so it counts like a wrong password.
        is_taken = User.objects.filter(email=cleaned["email"]).exists()
        if not check_own_password(self.instance, cleaned.get("current_password", ""), is_guess=is_taken):
            message = _("Enter your password to change your email address.")
            self.add_error("current_password", ValidationError(message, code="wrong_password"))
        return cleaned

    def clean_avatar(self):
        """Decode the upload. Return None, so that the form does not change the file of the user."""
        upload = self.cleaned_data.get("avatar")
        if upload:
            self.picture = read_avatar(upload)

    def ask_for_picture_again(self):
        """Add an error to the picture if another field has one: browsers do not send a chosen file again."""
        if self.picture and self.errors:
            message = _("Choose the picture again. It is not saved until all fields are correct.")
            self.add_error("avatar", ValidationError(message, code="choose_again"))

    @property
    def changed_fields(self):
        """Return the names of the model fields whose values differ from the saved ones."""
        return [name for name in self._meta.fields if self.cleaned_data[name] != self.initial[name]]

    def add_conflict(self):
        """Add an error for an email address that another user took in the meantime."""
        self.add_error("email", unique_error("email"))
