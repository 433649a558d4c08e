"""The admin of users, students and teachers."""

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth import admin as auth_admin
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts import actions
from accounts.admin.base import AuditedAdmin, audit_log_url, changelist_url, clean_search, in_operation
from accounts.admin.bulk_actions import bulk_action
from accounts.admin.filters import ConditionFilter
from accounts.admin.forms import PasswordChangeForm, RoleForm, UserChangeForm, UserCreationForm, assignable_roles
from accounts.audit import CHANGE, record
from accounts.models import Role, Session, Student, Teacher, User
from accounts.permissions import changeable_users

FIELDS_AFTER_NAMES = ("usable_password", "password1", "password2", "allow_lookalike")


class AccountStateFilter(ConditionFilter):
    """Filter users by state: active, awaiting approval, deactivated or closed."""

    conditions = {
        "active": (gettext_lazy("active"), Q(is_active=True)),
        "waiting": (gettext_lazy("awaiting approval"), Q(is_active=True, role=Role.TEACHER, approved_at=None)),
        "deactivated": (gettext_lazy("deactivated"), Q(is_active=False, closed_at=None)),
        "closed": (gettext_lazy("deleted"), Q(closed_at__isnull=False)),
    }


def changeable(request, users):
    """Return the `users` that the administrator can change."""
    return changeable_users(request.user, users)


def changeable_others(request, users):
    """Return the `users` that the administrator can change, except their own account."""
    return changeable(request, users).exclude(pk=request.user.pk)


def warn_about_lookalikes(users) -> list[str]:
    """Return a text for each of the `users` whose username looks like another one."""
    lookalikes = User.objects.find_lookalikes(users.values_list("username", flat=True))
    return [
        _("%(username)s looks like: %(names)s") % {"username": username, "names": ", ".join(names)}
        for username, names in lookalikes.items()
    ]


class BaseUserAdmin(AuditedAdmin, auth_admin.UserAdmin):
    """Base class of the admins of users, students and teachers."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = PasswordChangeForm
    # The state is in one of the first columns, which phones show.
    list_display = ("username", "state", "full_name", "email", "log_links", "date_joined", "last_login")
    list_filter = (AccountStateFilter, "date_joined")
    search_fields = ("username", "first_name", "last_name", "email")
    search_help_text = gettext_lazy("Username, name, location, or part of an email address that includes the @")
    ordering = ("-date_joined", "-pk")
    filter_horizontal = ()
    view_on_site = False  # closed accounts have no profile; `links_for` links to the profiles of other users
    actions = ("approve", "revoke", "deactivate", "reactivate", "change_role", "end_sessions", "close")
    irreversible_actions = ("close",)
    readonly_fields = (
        "picture", "role", "state", "approved_at", "is_active", "is_staff", "is_superuser",
        "last_login", "date_joined", "updated_at", "closed_at",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("username", "email", "password")}),
        (gettext_lazy("Profile"), {"fields": User.PROFILE_FIELDS}),
        (gettext_lazy("Profile picture"), {"fields": ("picture", "remove_picture")}),
        (
            gettext_lazy("Permissions"),
            {"fields": ("role", "state", "approved_at", "is_active", "is_staff", "is_superuser")},
        ),
        (gettext_lazy("Dates"), {"fields": ("date_joined", "last_login", "updated_at", "closed_at")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "email", *FIELDS_AFTER_NAMES)}),)

    # --- Columns ---

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def full_name(self, user):
        return user.full_name

    @admin.display(description=gettext_lazy("state"))
    def state(self, user):
        if user.is_closed:
            return _("deleted")
        if not user.is_active:
            return _("deactivated")
        return _("awaiting approval") if user.is_pending else _("active")

    @admin.display(description=gettext_lazy("audit log"))
    def log_links(self, user):
        actions_url, about_url = changelist_url(LogEntry, by=user.username), audit_log_url(User, user.pk)
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>', actions_url, _("their actions"), about_url, _("about them")
        )

    @admin.display(description=gettext_lazy("picture"))
    def picture(self, user):
        return format_html('<img src="{}" alt="" width="96" height="96">', user.avatar.url) if user.avatar else None

    # --- Permissions ---

    def has_delete_permission(self, request, obj=None):
        """Return False: posts and the audit log refer to users. Accounts are closed instead."""
        return False

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or changeable_users(request.user, User.objects.filter(pk=obj.pk)).exists())

    def has_change_role_permission(self, request):
        """Return whether the administrator can change students as well as teachers. `change_role` requires it."""
        return request.user.has_perm("accounts.change_user")

    # --- Lists and forms ---

    def get_search_results(self, request, queryset, search_term):
        text = clean_search(search_term)
        return queryset.filter(email__icontains=text) if "@" in text else queryset.search(text), False

    def get_readonly_fields(self, request, obj=None):
        # Posts of other users mention the username, so it never changes.
        return () if obj is None else ("username", *self.readonly_fields)

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or (obj.avatar and self.has_change_permission(request, obj)):
            return fieldsets
        return [
            (title, options | {"fields": [name for name in options["fields"] if name != "remove_picture"]})
            for title, options in fieldsets
        ]

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "role":
            kwargs["choices"] = assignable_roles(request.user)
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        if change:
            fields = [name for name in form.changed_data if name in UserChangeForm.Meta.fields]
            remove_avatar = form.cleaned_data.get("remove_picture", False)
            actions.save_profile(obj, fields, remove_avatar=remove_avatar, actor=request.user)
        else:
            obj.role = getattr(self.model, "ROLE", obj.role)
            actions.create_user(obj, request.user)

    def construct_change_message(self, request, form, formsets, add=False):
        return form.changed_data

    def log_change(self, request, obj, message=""):
        """Record a new password and end the user's sessions. `save_profile` has recorded any other change."""
        if "password" in message:
            record(request.user, obj, CHANGE, ["password"])
            current_key = request.session.session_key if obj.pk == request.user.pk else None
            actions.end_sessions(obj, request.user, except_key=current_key, log=False)

    def user_change_password(self, request, id, form_url=""):
        """Save the password, write the audit log and end the sessions in one transaction."""
        return in_operation(request, super().user_change_password)(request, id, form_url)

    def links_for(self, request, obj):
        return [
            *([] if obj.is_closed else [(_("Profile"), obj.get_absolute_url())]),
            (_("Posts"), changelist_url(apps.get_model("posts", "Post"), author=obj.username)),
            (_("Rooms"), changelist_url(apps.get_model("posts", "Membership"), person=obj.username)),
            (_("Sessions"), changelist_url(Session, person=obj.username)),
            (_("Their actions"), changelist_url(LogEntry, by=obj.username)),
        ]

    # --- Bulk actions ---

    @bulk_action(
        gettext_lazy("Approve"),
        question=gettext_lazy("Approve these teachers?"),
        consequence=gettext_lazy("Other users may confuse them with another user. Check who registered them."),
        done=ngettext_lazy("%d teacher approved.", "%d teachers approved."),
        limit=lambda request, users: changeable(request, users).pending(),
        warn=warn_about_lookalikes,
        asks_only_after_warning=True,
    )
    def approve(self, request, users, reason=""):
        return actions.approve_teachers(users, request.user, reason)

    @bulk_action(
        gettext_lazy("Revoke approval…"),
        question=gettext_lazy("Revoke the approval of these teachers?"),
        consequence=gettext_lazy(
            "They keep their accounts with the permissions of a student and are signed out on every device."
        ),
        done=ngettext_lazy("%d approval revoked.", "%d approvals revoked."),
        limit=lambda request, users: (
            changeable_others(request, users).with_role(Role.TEACHER).exclude(approved_at=None)
        ),
    )
    def revoke(self, request, users, reason):
        return actions.revoke_approval(users, request.user, reason)

    @bulk_action(
        gettext_lazy("Deactivate…"),
        question=gettext_lazy("Deactivate these accounts?"),
        consequence=gettext_lazy(
            "They are signed out on every device and can't sign in until an administrator reactivates them."
        ),
        done=ngettext_lazy("%d account deactivated.", "%d accounts deactivated."),
        limit=lambda request, users: changeable_others(request, users).active(),
    )
    def deactivate(self, request, users, reason):
        return actions.deactivate_users(users, request.user, reason)

    @bulk_action(
        gettext_lazy("Reactivate"),
        done=ngettext_lazy("%d account reactivated.", "%d accounts reactivated."),
        limit=lambda request, users: changeable_others(request, users).filter(is_active=False),
    )
    def reactivate(self, request, users):
        return actions.reactivate_users(users, request.user)

    @bulk_action(
        gettext_lazy("Change role…"),
        question=gettext_lazy("Change the role of these users?"),
        consequence=gettext_lazy("They get the permissions of the new role and are signed out on every device."),
        done=ngettext_lazy("%d role changed.", "%d roles changed."),
        form=RoleForm,
        allowed_permissions=("change_role",),
        limit=changeable_others,
        warn=warn_about_lookalikes,
    )
    def change_role(self, request, users, role, reason):
        return actions.change_role(users, role, request.user, reason)

    @bulk_action(
        gettext_lazy("Sign out everywhere…"),
        question=gettext_lazy("Sign these users out on every device?"),
        consequence=gettext_lazy("They can sign in again with their password."),
        done=ngettext_lazy("%d session ended.", "%d sessions ended."),
        limit=changeable,
        one_by_one=True,
    )
    def end_sessions(self, request, user, reason):
        # `except_key` matches only the administrator's own session.
        return actions.end_sessions(user, request.user, except_key=request.session.session_key, reason=reason)

    @bulk_action(
        gettext_lazy("Delete accounts…"),
        question=gettext_lazy("Delete these accounts?"),
        consequence=gettext_lazy(
            "Their personal data is erased. This can't be undone. Their posts remain, shown as “a former student”."
        ),
        done=ngettext_lazy("%d account deleted.", "%d accounts deleted."),
        limit=changeable_others,
        one_by_one=True,
    )
    def close(self, request, user, reason):
        actions.close_account(user, request.user, reason)
        return 1


@admin.register(User)
class UserAdmin(BaseUserAdmin):
    list_display = ("username", "state", "role", "full_name", "email", "log_links", "date_joined", "last_login")
    list_filter = ("role", AccountStateFilter, "date_joined")
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "email", "role", *FIELDS_AFTER_NAMES)}),)


@admin.register(Student)
class StudentAdmin(BaseUserAdmin):
    """Students, without the actions that apply to teachers only."""

    actions = ("deactivate", "reactivate", "change_role", "end_sessions", "close")


@admin.register(Teacher)
class TeacherAdmin(BaseUserAdmin):
    """Teachers, including those awaiting approval."""

    list_display = (
        "username", "state", "full_name", "email", "approved_at", "log_links", "date_joined", "last_login",
    )  # fmt: skip
