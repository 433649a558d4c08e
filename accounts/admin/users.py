"""The admin of users, students and teachers."""

from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth import admin as auth_admin
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from accounts import actions
from accounts.admin.base import RecordedAdmin, list_address, trail_of
from accounts.admin.forms import PersonAddForm, PersonForm, PersonPasswordForm, RoleForm
from accounts.audit import CHANGE, record
from accounts.models import Role, Session, Student, Teacher, User

LONGEST_SEARCH = 200  # characters; SQLite refuses a condition of more than a thousand words


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
