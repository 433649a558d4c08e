"""People in the admin: what is done to somebody is an action with a reason, and stands in the one log."""

import json
from functools import partial

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.contrib.auth import admin as auth_admin
from django.contrib.auth import forms as auth_forms
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from accounts import actions
from accounts.admin_site import (
    LONGEST_SEARCH,
    PersonFilter,
    ReasonForm,
    RecordedAdmin,
    TextFilter,
    chosen_values,
    list_address,
    trail_of,
)
from accounts.audit import CHANGE, reason_of, record
from accounts.devices import name_device, session_handle
from accounts.fields import LineField, TextField
from accounts.models import Invitation, Role, Session, Student, Teacher, User

# Rights come with the role. Groups would be a second way to them that nobody looks at.
admin.site.unregister(Group)


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


class StateFilter(admin.SimpleListFilter):
    """How somebody's account stands."""

    title = gettext_lazy("state")
    parameter_name = "state"
    states = {
        "active": (gettext_lazy("active"), Q(is_active=True)),
        "waiting": (gettext_lazy("waiting for approval"), Q(is_active=True, role=Role.TEACHER, approved_at=None)),
        "deactivated": (gettext_lazy("deactivated"), Q(is_active=False, closed_at=None)),
        "closed": (gettext_lazy("closed"), Q(closed_at__isnull=False)),
    }

    def lookups(self, request, model_admin):
        return [(name, text) for name, (text, _condition) in self.states.items()]

    def queryset(self, request, queryset):
        return queryset.filter(self.states[self.value()][1]) if self.value() in self.states else queryset


class PersonAdmin(RecordedAdmin, auth_admin.UserAdmin):
    """What users, students and teachers share."""

    form = PersonForm
    add_form = PersonAddForm
    change_password_form = PersonPasswordForm
    change_form_template = "admin/person_change_form.html"
    list_display = ("username", "full_name", "email", "state", "trail", "date_joined", "last_login")
    list_filter = (StateFilter,)
    search_fields = ("username", "first_name", "last_name", "email")
    search_help_text = gettext_lazy("Username or name, or an email address with its @")
    date_hierarchy = "date_joined"
    ordering = ("-pk",)
    filter_horizontal = ()
    view_on_site = False  # a closed account has no profile; the page links the others
    actions = ("approve", "revoke", "deactivate", "reactivate", "change_role", "end_sessions", "close")
    readonly_fields = (
        "picture", "role", "state", "approved_at", "is_active", "is_staff", "is_superuser",
        "last_login", "date_joined", "updated_at", "closed_at",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("username", "email", "password")}),
        (gettext_lazy("In their words"), {"fields": ("first_name", "last_name", "location", "description")}),
        (gettext_lazy("Picture"), {"fields": ("picture", "remove_picture")}),
        (gettext_lazy("Rights"), {"fields": ("role", "state", "approved_at", "is_active", "is_staff", "is_superuser")}),
        (gettext_lazy("Dates"), {"fields": ("date_joined", "last_login", "updated_at", "closed_at")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "email", "usable_password", "password1", "password2")}),
    )

    # --- Columns ---

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def full_name(self, person):
        return person.full_name

    @admin.display(description=gettext_lazy("state"))
    def state(self, person):
        if person.is_closed:
            return _("closed")
        if not person.is_active:
            return _("deactivated")
        return _("waiting for approval") if person.is_waiting else _("active")

    @admin.display(description=gettext_lazy("log"))
    def trail(self, person):
        did, suffered = list_address(LogEntry, by=person.username), trail_of(person)
        return format_html('<a href="{}">{}</a> · <a href="{}">{}</a>', did, _("by them"), suffered, _("to them"))

    @admin.display(description=gettext_lazy("picture"))
    def picture(self, person):
        return format_html('<img src="{}" alt="" width="96" height="96">', person.avatar.url) if person.avatar else None

    # --- Who may do what to whom ---

    def has_delete_permission(self, request, obj=None):
        """Nobody is deleted: posts and the log hang on people. An account is closed."""
        return False

    def has_change_permission(self, request, obj=None):
        """Whether this one may be changed: never a closed account, nor by staff somebody with rights of their own."""
        allowed = super().has_change_permission(request, obj)
        if obj is None or not allowed:
            return allowed
        above = obj.is_administrator or obj.is_staff or obj.is_superuser
        return not obj.is_closed and (request.user.is_superuser or not above)

    def reach(self, request, people, but_oneself=False):
        """Return those of `people` to whom this administrator may do things."""
        people = people.filter(closed_at=None)
        if not request.user.is_superuser:
            people = people.exclude(Q(role=Role.ADMIN) | Q(is_staff=True) | Q(is_superuser=True))
        return people.exclude(pk=request.user.pk) if but_oneself else people

    def roles_for(self, request):
        """List the roles that this administrator may give."""
        return [choice for choice in Role.choices if request.user.is_superuser or choice[0] != Role.ADMIN]

    def lookup_allowed(self, lookup, value, request=None):
        # Asked letter by letter, a filter would tell what it filters by: session keys open sessions.
        return not lookup.startswith("sessions") and super().lookup_allowed(lookup, value, request)

    # --- Lists and forms ---

    def get_search_results(self, request, queryset, search_term):
        search_term = search_term[:LONGEST_SEARCH]
        if "@" in search_term:
            return queryset.filter(email__icontains=search_term.strip()), False
        return queryset.search(search_term), False

    def get_readonly_fields(self, request, obj=None):
        # A username stands in what others wrote, so nobody is renamed.
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
            kwargs["choices"] = self.roles_for(request)
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        """Save a new person with the rights of their role, or what was changed of one, through the action."""
        if change:
            fields = [name for name in form.changed_data if name in PersonForm.Meta.fields]
            picture = form.cleaned_data.get("remove_picture", False)
            actions.save_profile(obj, fields, remove_avatar=picture, actor=request.user)
            return
        obj.role = getattr(self.model, "ROLE", obj.role)
        obj.is_staff = obj.is_superuser = obj.role == Role.ADMIN
        obj.approved_at = None if obj.role == Role.STUDENT else timezone.now()
        obj.save(force_insert=True)

    def log_change(self, request, obj, fields):
        """Record a new password; the rest is on record already, by the action that saved it."""
        if "password" in fields:
            record(request.user, obj, CHANGE, ["password"])
            keep = request.session.session_key if obj.pk == request.user.pk else None
            actions.end_sessions(obj, request.user, keep=keep, log=False)

    @transaction.atomic
    def user_change_password(self, request, id, form_url=""):
        """Set a password, with its record and the end of the sessions: all or nothing."""
        return super().user_change_password(request, id, form_url)

    def links_for(self, request, obj):
        return [
            (_("What they did"), list_address(LogEntry, by=obj.username)),
            (_("What was done to them"), trail_of(obj)),
            (_("Sessions"), list_address(Session, person=obj.username)),
        ]

    def is_offered(self, request, obj, verb):
        offered = {
            "approve": obj.is_waiting,
            "revoke": obj.is_teacher,
            "deactivate": obj.is_active,
            "reactivate": not obj.is_active,
        }
        mine = obj.pk == request.user.pk and verb != "end_sessions"
        return offered.get(verb, True) and not mine

    # --- Actions ---

    @admin.action(description=gettext_lazy("Approve as teachers"), permissions=["change"])
    def approve(self, request, queryset):
        number = actions.approve(self.reach(request, queryset), request.user)
        done = ngettext("%d teacher is approved.", "%d teachers are approved.", number) % number
        self.message_user(request, done, messages.SUCCESS if number else messages.WARNING)

    @admin.action(description=gettext_lazy("Revoke the approval…"), permissions=["change"])
    def revoke(self, request, queryset):
        return self._ask_about_others(
            request,
            queryset,
            actions.revoke_approval,
            action="revoke",
            question=_("Revoke the approval?"),
            consequence=_("They keep their accounts with a student's powers, and are signed out everywhere."),
            done=ngettext_lazy("%d approval is revoked.", "%d approvals are revoked."),
        )

    @admin.action(description=gettext_lazy("Deactivate…"), permissions=["change"])
    def deactivate(self, request, queryset):
        return self._ask_about_others(
            request,
            queryset,
            actions.deactivate,
            action="deactivate",
            question=_("Deactivate these accounts?"),
            consequence=_("They are signed out everywhere and cannot sign in until somebody reactivates them."),
            done=ngettext_lazy("%d account is deactivated.", "%d accounts are deactivated."),
        )

    @admin.action(description=gettext_lazy("Reactivate"), permissions=["change"])
    def reactivate(self, request, queryset):
        number = actions.reactivate(self.reach(request, queryset), request.user)
        done = ngettext("%d account is active again.", "%d accounts are active again.", number) % number
        self.message_user(request, done, messages.SUCCESS if number else messages.WARNING)

    @admin.action(description=gettext_lazy("Change the role…"), permissions=["change"])
    def change_role(self, request, queryset):
        return self._ask_about_others(
            request,
            queryset,
            lambda people, actor, reason, role: actions.change_role(people, role, actor, reason),
            action="change_role",
            question=_("Change the role?"),
            consequence=_("Rights come and go with the role. They are signed out everywhere."),
            done=ngettext_lazy("%d role is changed.", "%d roles are changed."),
            form_class=partial(RoleForm, roles=self.roles_for(request)),
        )

    @admin.action(description=gettext_lazy("End their sessions…"), permissions=["change"])
    def end_sessions(self, request, queryset):
        def end(people, answers):
            here = {request.user.pk: request.session.session_key}
            return sum(
                actions.end_sessions(person, request.user, keep=here.get(person.pk), reason=answers["reason"])
                for person in people
            )

        people = self.reach(request, queryset)
        return self.ask(
            request,
            people,
            end,
            action="end_sessions",
            question=_("End all their sessions?"),
            consequence=_("They are signed out on every device. With their password they can sign in again."),
            done=ngettext_lazy("%d session is ended.", "%d sessions are ended."),
            left_out=queryset.count() - people.count(),
        )

    @admin.action(description=gettext_lazy("Close the account for good…"), permissions=["change"])
    def close(self, request, queryset):
        def close(people, actor, reason):
            closed = list(people)
            for person in closed:
                actions.close_account(person, actor, reason)
            return len(closed)

        return self._ask_about_others(
            request,
            queryset,
            close,
            action="close",
            question=_("Close these accounts for good?"),
            consequence=_("What names them goes, and cannot be brought back. Their posts stay, by a former student."),
            done=ngettext_lazy("%d account is closed.", "%d accounts are closed."),
        )

    def _ask_about_others(self, request, queryset, act, **words):
        people = self.reach(request, queryset, but_oneself=True)
        return self.ask(
            request,
            people,
            lambda chosen, answers: act(chosen, actor=request.user, **answers),
            left_out=queryset.count() - people.count(),
            **words,
        )


@admin.register(User)
class UserAdmin(PersonAdmin):
    """Everybody."""

    list_display = ("username", "full_name", "email", "role", "state", "trail", "date_joined", "last_login")
    list_filter = ("role", StateFilter)
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "email", "role", "usable_password", "password1", "password2"),
            },
        ),
    )


@admin.register(Student)
class StudentAdmin(PersonAdmin):
    """Students, and what is done to students."""

    actions = ("deactivate", "reactivate", "change_role", "end_sessions", "close")


@admin.register(Teacher)
class TeacherAdmin(PersonAdmin):
    """Teachers, approved and waiting."""

    list_display = (
        "username", "full_name", "email", "state", "approved_at", "trail", "date_joined", "last_login",
    )  # fmt: skip


@admin.register(Invitation)
class InvitationAdmin(RecordedAdmin):
    """Codes with which teachers register and need not wait."""

    list_display = ("code", "note", "uses", "max_uses", "expires_at", "created_by", "created_at")
    list_display_links = ("code", "note")
    list_select_related = ("created_by",)
    search_fields = ("code", "note")
    search_help_text = gettext_lazy("Code or note")
    fields = ("code", "note", "max_uses", "uses", "expires_at", "created_by", "created_at")
    readonly_fields = ("code", "uses", "created_by", "created_at")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "note":
            kwargs["form_class"] = LineField
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(Session)
class SessionAdmin(RecordedAdmin):
    """Who is signed in where. A session's key opens it, so no page, address or filter here holds one."""

    list_display = ("user", "device", "started_at", "expire_date")
    list_display_links = None
    list_select_related = ("user",)
    list_filter = (PersonFilter,)
    search_fields = ("user__username",)
    search_help_text = gettext_lazy("Username")
    ordering = ("-started_at",)
    actions = ("end",)
    # Chosen by a name that is made from the key, a page at a time: the database cannot choose by it.
    actions_selection_counter = False

    def get_queryset(self, request):
        sessions = super().get_queryset(request).defer("session_data")
        return sessions.filter(user__isnull=False, expire_date__gt=timezone.now())

    def get_urls(self):
        """Offer the list alone: every other address would hold the key."""
        return [route for route in super().get_urls() if route.name == "accounts_session_changelist"]

    def lookup_allowed(self, lookup, value, request=None):
        return False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_end_permission(self, request):
        """Whether sessions may be ended by this administrator."""
        return request.user.has_perm("accounts.delete_session")

    @admin.display(description=gettext_lazy("device"))
    def device(self, session):
        return name_device(session.user_agent)

    @admin.display(description="")
    def action_checkbox(self, session):
        attrs = {"class": "action-select", "aria-label": _("Select a session of %s") % session.user}
        return forms.CheckboxInput(attrs, lambda value: False).render(ACTION_CHECKBOX_NAME, session_handle(session.pk))

    def response_action(self, request, queryset):
        handles = {*chosen_values(request)}
        keys = [key for key in queryset.values_list("pk", flat=True) if session_handle(key) in handles]
        request.POST = request.POST.copy()
        # The choice is made above; Django would look for the handles among the keys.
        request.POST["select_across"] = "1"
        return admin.ModelAdmin.response_action(self, request, queryset.filter(pk__in=keys))

    @admin.action(description=gettext_lazy("End these sessions…"), permissions=["end"])
    def end(self, request, queryset):
        sessions = queryset.exclude(pk=request.session.session_key)
        if not request.user.is_superuser:
            sessions = sessions.exclude(Q(user__is_staff=True) | Q(user__role=Role.ADMIN))

        def end(chosen, answers):
            return sum(
                actions.end_sessions(session.user, request.user, only=session.pk, reason=answers["reason"])
                for session in chosen.select_related("user")
            )

        return self.ask(
            request,
            sessions,
            end,
            action="end",
            question=_("End these sessions?"),
            consequence=_("They are signed out there. With their password they can sign in again."),
            done=ngettext_lazy("%d session is ended.", "%d sessions are ended."),
        )


class ActorFilter(PersonFilter):
    """Who did it."""

    title = gettext_lazy("who did it (username)")
    parameter_name = "by"


class AboutFilter(PersonFilter):
    """To whom it was done."""

    title = gettext_lazy("to whom (username)")
    parameter_name = "about"

    def find(self, queryset, text):
        person = User.objects.filter(username_key=text.lower()).values_list("pk", flat=True).first()
        return queryset.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(person))


class TrailFilter(PersonFilter):
    """Whose trail it is: what they did, and what was done to them, in one list."""

    title = gettext_lazy("by or to (username)")

    def find(self, queryset, text):
        person = User.objects.filter(username_key=text.lower()).values_list("pk", flat=True).first()
        to_them = Q(content_type=ContentType.objects.get_for_model(User), object_id=str(person))
        return queryset.none() if person is None else queryset.filter(Q(user=person) | to_them)


class KindFilter(admin.SimpleListFilter):
    """What kind of thing it was done to."""

    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        models = [model for model in model_admin.admin_site._registry if not model._meta.proxy]
        self.models = {model._meta.label_lower: model for model in models if model not in (LogEntry, Session)}
        return [(name, capfirst(model._meta.verbose_name)) for name, model in self.models.items()]

    def queryset(self, request, queryset):
        model = self.models.get(self.value())
        return queryset.filter(content_type=ContentType.objects.get_for_model(model)) if model else queryset


class NumberFilter(TextFilter):
    """The one thing with this number."""

    title = gettext_lazy("number of the thing")
    parameter_name = "number"

    def find(self, queryset, text):
        return queryset.filter(object_id=text)


@admin.register(LogEntry)
class LogEntryAdmin(RecordedAdmin):
    """The one trail: who did what to whom, when, and why. Nobody writes here."""

    list_display = ("action_time", "who", "action_flag", "kind", "thing", "fields_changed", "reason")
    list_select_related = ("user", "content_type")
    list_filter = (TrailFilter, ActorFilter, AboutFilter, "action_flag", KindFilter, NumberFilter)
    search_fields = ("object_repr", "change_message", "user__username")
    search_help_text = gettext_lazy("What it was done to, fields, reason, or who did it")
    date_hierarchy = "action_time"
    fields = ("action_time", "who", "action_flag", "kind", "thing", "fields_changed", "reason")
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=gettext_lazy("who"), ordering="user")
    def who(self, entry):
        return format_html('<a href="{}">{}</a>', list_address(LogEntry, by=entry.user.username), entry.user)

    @admin.display(description=gettext_lazy("kind"), ordering="content_type")
    def kind(self, entry):
        model = entry.content_type and entry.content_type.model_class()
        return model and capfirst(model._meta.verbose_name)

    @admin.display(description=gettext_lazy("thing"))
    def thing(self, entry):
        address = entry.get_admin_url()
        return format_html('<a href="{}">{}</a>', address, entry.object_repr) if address else entry.object_repr

    @admin.display(description=gettext_lazy("fields changed"))
    def fields_changed(self, entry):
        model = entry.content_type and entry.content_type.model_class()
        return ", ".join(_field_name(model, name) for name in _fields_of(entry))

    @admin.display(description=gettext_lazy("reason"))
    def reason(self, entry):
        return reason_of(entry)


def _fields_of(entry):
    """List the names of the fields that `entry` says were changed."""
    try:
        parts = json.loads(entry.change_message)
    except ValueError:
        return []
    parts = parts if isinstance(parts, list) else []
    changed = [part["changed"] for part in parts if isinstance(part, dict) and isinstance(part.get("changed"), dict)]
    return [str(name) for change in changed for name in change.get("fields", ())]


def _field_name(model, name):
    try:
        return str(model._meta.get_field(name).verbose_name)
    except (AttributeError, FieldDoesNotExist):
        return name
