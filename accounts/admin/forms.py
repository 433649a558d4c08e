"""Forms of the user admin."""

from django import forms
from django.contrib.auth import forms as auth_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from accounts.fields import LineField, TextField
from accounts.models import User


class ReasonForm(forms.Form):
    """Why something is done to somebody."""

    reason = LineField(
        label=gettext_lazy("Why?"),
        max_length=200,
        help_text=gettext_lazy("Kept in the log, which administrators read."),
        widget=forms.TextInput(attrs={"class": "vTextField", "autofocus": True}),
    )


class _NamesOfTheirOwn(forms.ModelForm):
    """Username and address, each somebody's own whatever the case; an error stands beside its field."""

    def clean_username(self):
        """Refuse a name that somebody has, in whatever case."""
        username = self.cleaned_data["username"]
        if User.objects.filter(username_key=username.lower()).exclude(pk=self.instance.pk).exists():
            raise ValidationError(User._meta.get_field("username").error_messages["unique"], code="unique")
        return username

    def clean_email(self):
        """Return the address in its one form."""
        return User.objects.normalize_email(self.cleaned_data["email"])


class PersonForm(_NamesOfTheirOwn, auth_forms.UserChangeForm):
    """What an administrator may write about somebody. Rights are not among it: actions give and take them."""

    first_name = LineField(label=gettext_lazy("First name"), required=False, max_length=150)
    last_name = LineField(label=gettext_lazy("Last name"), required=False, max_length=150)
    location = LineField(label=gettext_lazy("Location"), required=False, max_length=40)
    description = TextField(
        label=gettext_lazy("About them"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )
    remove_picture = forms.BooleanField(label=gettext_lazy("Remove the picture"), required=False)

    class Meta(auth_forms.UserChangeForm.Meta):
        model = User
        fields = ("username", "password", "first_name", "last_name", "email", "location", "description")


class PersonAddForm(_NamesOfTheirOwn, auth_forms.AdminUserCreationForm):
    """A new person, of any role that the administrator may give."""

    class Meta(auth_forms.AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "email", "role")


class PersonPasswordForm(auth_forms.AdminPasswordChangeForm):
    """A new password for somebody, or none any more."""

    changed_data = ("password",)

    def save(self, commit=True):
        """Write the password and nothing else: a role that changed meanwhile stays changed."""
        user = super().save(commit=False)
        user.save(update_fields=["password", "updated_at"])
        return user


class RoleForm(ReasonForm):
    """Which role, and why."""

    role = forms.ChoiceField(label=gettext_lazy("New role"))
    field_order = ("role", "reason")

    def __init__(self, *args, roles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles
