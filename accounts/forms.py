"""What people fill in about themselves: validation here, consequences in `actions`."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout, Submit
from django import forms
from django.contrib.auth import forms as auth_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.avatars import FORMATS, read_avatar
from accounts.fields import BootstrapBoundField, LineField, TextField
from accounts.models import Role, Student, Teacher, User

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


class RegistrationForm(_OwnWords, auth_forms.BaseUserCreationForm):
    """A new person; the class that derives from this says of which kind."""

    field_order = ("username", "email", "password1", "password2", "location", "description", "invitation")

    error_messages = auth_forms.BaseUserCreationForm.error_messages | {
        "password_mismatch": _("The two passwords are not the same.")
    }

    class Meta:
        model = User
        fields = ("username", "email", "location", "description")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs |= {"autocomplete": "username", "spellcheck": "false", "autofocus": True}
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}
        self.fields["email"].help_text = _("For signing in and resetting your password. Classmates never see it.")
        for name in ("password1", "password2"):
            self.fields[name].max_length = PASSWORD_MAX_LENGTH
            self.fields[name].widget.attrs["maxlength"] = PASSWORD_MAX_LENGTH
            self.fields[name].validators.append(forms.fields.validators.MaxLengthValidator(PASSWORD_MAX_LENGTH))
        self.fields["password1"].help_text = _(
            "At least 10 characters. A few words that belong together only for you are better than symbols."
        )
        self.fields["password2"].help_text = ""
        self.helper = calm_helper(_("Register"), *self.fields)

    def clean_username(self):
        # BaseUserCreationForm's own check is left aside: the key decides, whatever the case.
        username = self.cleaned_data["username"]
        if User.objects.filter(username_key=username.lower()).exists():
            raise _unique_error("username")
        return username

    def clean_email(self):
        """Return the address in its one form."""
        return User.objects.normalize_email(self.cleaned_data["email"])

    def add_conflict(self, error):
        """Add the error for what another request took in the meantime: a name, an address or an invitation code.

        `error` is what `accounts.actions.register` raised: a ValidationError or an IntegrityError.
        """
        if isinstance(error, ValidationError):
            self.add_error(None, error)
            return
        user = self.instance
        for name, taken in (
            ("username", User.objects.filter(username_key=user.username.lower())),
            ("email", User.objects.filter(email=user.email)),
        ):
            if taken.exists():
                self.add_error(name, _unique_error(name))
        if not self.errors:
            self.add_error(None, ValidationError(_("That did not work. Please send the form again."), code="race"))


class StudentRegistrationForm(RegistrationForm):
    """A new student."""

    class Meta(RegistrationForm.Meta):
        model = Student


class TeacherRegistrationForm(RegistrationForm):
    """A new teacher, who waits for an administrator unless an invitation came along."""

    invitation = LineField(
        label=_("Invitation code"),
        required=False,
        max_length=40,
        help_text=_("Optional. With a code from your administrator you need not wait for approval."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )

    class Meta(RegistrationForm.Meta):
        model = Teacher


class LoginForm(auth_forms.AuthenticationForm):
    """Sign-in by username or email address, for any role or for one only."""

    username = auth_forms.UsernameField(
        label=_("Username or email"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false", "autofocus": True}),
    )
    remember_me = forms.BooleanField(label=_("Remember me on this device for 30 days"), required=False)

    error_messages = auth_forms.AuthenticationForm.error_messages | {
        "invalid_login": _("Invalid username or password.")
    }

    def __init__(self, *args, role=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.role = role
        self.fields["username"].widget.attrs["maxlength"] = 254
        self.helper = calm_helper(_("Sign in"), "username", "password", "remember_me")

    def get_invalid_login_error(self):
        return ValidationError(self.error_messages["invalid_login"], code="invalid_login")

    def confirm_login_allowed(self, user):
        """Refuse with the same words somebody whose role this page is not for."""
        if not user.is_active or (self.role and user.role != self.role):
            raise self.get_invalid_login_error()


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


class PasswordChangeForm(auth_forms.PasswordChangeForm):
    """A new password, given the old one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("new_password1", "new_password2"):
            self.fields[name].validators.append(forms.fields.validators.MaxLengthValidator(PASSWORD_MAX_LENGTH))
            self.fields[name].help_text = ""
        self.fields["new_password1"].help_text = _("At least 10 characters.")
        self.helper = calm_helper(_("Change password"), *self.fields)


class SetPasswordForm(auth_forms.SetPasswordForm):
    """A new password for somebody who followed the link in their mail."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.fields:
            self.fields[name].validators.append(forms.fields.validators.MaxLengthValidator(PASSWORD_MAX_LENGTH))
            self.fields[name].help_text = ""
        self.fields["new_password1"].help_text = _("At least 10 characters.")
        self.helper = calm_helper(_("Set new password"), *self.fields)


class PasswordResetForm(auth_forms.PasswordResetForm):
    """The address to which a link for a new password goes, if somebody has it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = calm_helper(_("Send the link"), *self.fields)

    def get_users(self, email):
        """Yield the active person who has this address, also one without a password as yet."""
        return User.objects.active().filter(email=User.objects.normalize_email(email))


class CloseAccountForm(forms.Form):
    """A person's own word that they want to go."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=PASSWORD_MAX_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    understood = forms.BooleanField(label=_("I understand that this cannot be undone."))

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.helper = calm_helper(_("Delete my account"), *self.fields)
        self.helper.layout[-1][0].field_classes = "btn btn-danger btn-lg"

    def clean(self):
        """Refuse to leave the site without an administrator."""
        others = User.objects.active().with_role(Role.ADMIN).exclude(pk=self.user.pk)
        if self.user.is_administrator and not others.exists():
            message = _("You are the only administrator. Make somebody else one before you go.")
            raise ValidationError(message, code="last_administrator")
        return super().clean()

    def clean_password(self):
        """Refuse a password that is not this person's."""
        password = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise ValidationError(_("This is not your password."), code="wrong_password")
        return password


class SearchForm(forms.Form):
    """A word or two to look for among people."""

    q = LineField(
        label=_("Search by name"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Search by name")}),
    )
