"""Forms of the user admin."""

from django import forms
from django.contrib.auth import forms as auth_forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from accounts.admin.bulk_actions import ReasonForm
from accounts.forms.base import PASSWORD_MISMATCH, ProfileMeta, UniqueNamesMixin
from accounts.models import Role, User
from accounts.text import NewPasswordField


class UserChangeForm(UniqueNamesMixin, auth_forms.UserChangeForm):
    """The fields of a user that an administrator can edit. Bulk actions change role and permissions."""

    remove_picture = forms.BooleanField(label=gettext_lazy("Remove the picture"), required=False)

    class Meta(ProfileMeta):
        fields = ("username", "password", "email", *User.PROFILE_FIELDS)
        labels = {}


class UserCreationForm(UniqueNamesMixin, auth_forms.AdminUserCreationForm):
    """A new user with one of the roles that the administrator can assign."""

    error_messages = PASSWORD_MISMATCH

    usable_password = auth_forms.SetUnusablePasswordMixin.create_usable_password_field(
        help_text=gettext_lazy("If disabled, the user can't sign in until an administrator sets a password.")
    )
    password1 = NewPasswordField(label=gettext_lazy("Password"), required=False)
    password2 = NewPasswordField(label=gettext_lazy("Repeat password"), required=False)
    allow_lookalike = forms.BooleanField(
        label=gettext_lazy("Allow a username that looks like another user's"), required=False
    )

    class Meta(auth_forms.AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "email", "role")

    def clean(self):
        """Reject lookalikes of other usernames, unless the administrator allows it. New teachers are approved."""
        cleaned = super().clean()
        role = getattr(self.instance, "ROLE", cleaned.get("role"))
        names = self.find_lookalikes(is_approved=role != Role.STUDENT)
        if names and not cleaned["allow_lookalike"]:
            message = gettext("This username looks like: %(names)s. Choose another one, or allow it.")
            self.add_error("username", ValidationError(message % {"names": ", ".join(names)}, code="lookalike"))
        return cleaned


class PasswordChangeForm(auth_forms.AdminPasswordChangeForm):
    """Set or remove the password of a user."""

    error_messages = PASSWORD_MISMATCH
    changed_data = ("password",)  # Django reports no change when the password is removed

    password1 = NewPasswordField(label=gettext_lazy("New password"), required=False)
    password2 = NewPasswordField(label=gettext_lazy("Repeat password"), required=False)

    def save(self, commit=True):
        """Save only the password, so that concurrent changes to other fields are not overwritten."""
        user = super().save(commit=False)
        user.save(update_fields=["password", "updated_at"])
        return user


class RoleForm(ReasonForm):
    """The confirmation form of a role change."""

    role = forms.ChoiceField(label=gettext_lazy("New role"))
    field_order = ("role", "reason")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = assignable_roles(self.user)


def assignable_roles(user: User) -> list[tuple[str, str]]:
    """Return the role choices that `user` can assign. Only superusers can create administrators."""
    return [(role, label) for role, label in Role.choices if user.is_superuser or role != Role.ADMIN]
