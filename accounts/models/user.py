"""Users."""

import zlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models.functions import Length, Lower
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts import validators
from accounts.functions import IsASCII
from accounts.hashers import password_variants
from config.addresses import cached_reverse
from config.transactions import lock


class Role(models.TextChoices):
    STUDENT = "student", _("student")
    TEACHER = "teacher", _("teacher")
    ADMIN = "admin", _("administrator")


class UserQuerySet(models.QuerySet):
    def active(self) -> Self:
        """Return users who can sign in."""
        return self.filter(is_active=True)

    def with_role(self, role: str) -> Self:
        return self.filter(role=role)

    def pending(self) -> Self:
        """Return teachers awaiting approval, the oldest registration first."""
        return self.active().filter(role=Role.TEACHER, approved_at=None).order_by("date_joined")

    def update(self, **values) -> int:
        """Also set `updated_at`, because it is the version of everything that shows a user."""
        return super().update(**{"updated_at": timezone.now()} | values)

    update.alters_data = True

    def lock(self, pks: Iterable[int]) -> dict[int, "User"]:
        """Lock the users with these ids in ascending order, and return {id: user}."""
        return {user.pk: user for user in lock(self.filter(pk__in=pks))}

    def with_protected_names(self) -> Self:
        """Return approved teachers and administrators, also deactivated ones: new names must not look like theirs."""
        is_approved = models.Q(role=Role.ADMIN) | models.Q(role=Role.TEACHER, approved_at__isnull=False)
        return self.filter(is_approved, closed_at=None)

    def to_mention(self, text: str) -> Self:
        """Return users whose username or name contains `text`, those whose username starts with it first."""
        is_start = models.Case(models.When(username_key__startswith=text.lower(), then=0), default=1)
        return self.search(text, fields=("first_name", "last_name")).order_by(is_start, "username_key")

    def find_lookalikes(self, usernames: Iterable[str]) -> dict[str, list[str]]:
        """Return {username: other usernames that look like it}, without the usernames that have none.

        Reads all names of the queryset. The database has no column for it.
        """
        known = defaultdict(list)
        for name in self.filter(closed_at=None).values_list("username", flat=True).iterator():
            known[validators.fold_username(name)].append(name)
        found = {
            name: [other for other in known[validators.fold_username(name)] if other != name] for name in usernames
        }
        return {name: others for name, others in found.items() if others}

    def find_by_login(self, text: str) -> "User | None":
        """Return the user with this username or email address, ignoring case, or None."""
        key = text.strip().lower()
        if not key.isascii() or not key.isprintable() or len(key) > 254:
            return None
        return self.filter(**{"email" if "@" in key else "username_key": key}).first()

    def search(self, text: str, fields: Iterable[str] = ("first_name", "last_name", "location")) -> Self:
        """Return users whose username or one of `fields` contains each word of `text`, ignoring case.

        SQLite ignores case only for ASCII, so the query contains each word in lower, upper and title case.
        """
        users = self
        for word in text.replace("@", " ").split():
            forms = {word, word.lower(), word.upper(), word.capitalize()}
            matches = models.Q(username_key__contains=word.lower())
            for form in [word] if word.isascii() else forms:
                for field in fields:
                    matches |= models.Q(**{f"{field}__icontains": form})
            users = users.filter(matches)
        return users


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):
    """Create users with normalised email addresses, and superusers with the role of an administrator."""

    @classmethod
    def normalize_email(cls, email):
        """Return `email` in its stored form: lower case, without surrounding whitespace, or None if it is empty."""
        return (email or "").strip().lower() or None

    def create_superuser(self, username, email=None, password=None, **extra_fields):
        """Create an approved administrator."""
        extra_fields = {"role": Role.ADMIN, "approved_at": timezone.now()} | extra_fields
        return super().create_superuser(username, email, password, **extra_fields)


class RoleQuerySet(UserQuerySet):
    def bulk_create(self, objs: Iterable["User"], *args, **kwargs) -> list["User"]:
        """Set the role, because bulk creation does not call `save()`."""
        objs = list(objs)
        for obj in objs:
            obj.role = self.model.ROLE
        return super().bulk_create(objs, *args, **kwargs)


class RoleManager(UserManager.from_queryset(RoleQuerySet)):
    """Manager of a proxy model of `accounts.models.role`: limits queries to the model's role."""

    # Administrators have neither role.
    create_superuser = None

    def get_queryset(self):
        return super().get_queryset().filter(role=self.model.ROLE)


class User(AbstractUser):
    """A user of the site. The proxies Student and Teacher contain the users of one role."""

    # The texts that users can write about themselves. The profile form, the admin, the export and the erasure use them.
    PROFILE_FIELDS = ("first_name", "last_name", "location", "description")

    username = models.CharField(
        _("username"),
        max_length=20,
        unique=True,
        validators=[validators.validate_username, validators.validate_username_not_reserved],
        help_text=_("3 to 20 letters, digits, dots, hyphens or underscores. Others use it to mention you."),
        error_messages={"unique": _("This username is taken.")},
    )
    # Usernames are unique ignoring case. The database computes the key, so that no code path can skip it.
    username_key = models.GeneratedField(
        expression=Lower("username"),
        output_field=models.CharField(max_length=20),
        db_persist=True,
    )
    # NULL for an account that a class list created without an address. Empty texts would not be unique.
    email = models.EmailField(
        _("email address"),
        unique=True,
        null=True,
        blank=True,
        validators=[validators.validate_ascii],
        error_messages={"unique": _("Another account uses this email address.")},
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.STUDENT)
    location = models.CharField(
        _("location"),
        max_length=40,
        blank=True,
        validators=[MinLengthValidator(3)],
        error_messages={"min_length": _("Use at least 3 characters, for example “Class 9B”.")},
        help_text=_("Optional, for example “Class 9B” or “Maple House”."),
    )
    description = models.CharField(
        _("description"),
        max_length=200,
        blank=True,
        validators=[MinLengthValidator(10)],
        error_messages={"min_length": validators.TOO_SHORT},
        help_text=_("Optional, 10 to 200 characters. Shown on the profile page."),
    )
    # The view that serves a picture looks up its user by the file name.
    avatar = models.FileField(_("profile picture"), upload_to="avatars", blank=True, max_length=60, db_index=True)
    # The user must choose a new password before they can use other pages, because another person has seen this one.
    must_change_password = models.BooleanField(_("must change password"), default=False, editable=False)
    # A code of settings.LANGUAGES, or "" for the language of the browser.
    language = models.CharField(_("language"), max_length=10, blank=True, db_default="")
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    closed_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("last updated"), auto_now=True)

    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            # Not `unique=True` on the field: Django cannot validate it, because an unsaved user has no key.
            models.UniqueConstraint(
                fields=["username_key"],
                name="username_is_unique_in_any_case",
                violation_error_code="unique",
                violation_error_message=_("This username is taken."),
            ),
            models.CheckConstraint(
                name="username_is_ascii_and_long_enough",
                condition=models.Q(IsASCII("username")) & models.Q(GreaterThanOrEqual(Length("username"), 3)),
            ),
            models.CheckConstraint(
                name="email_is_ascii_in_lower_case",
                condition=models.Q(IsASCII("email")) & models.Q(email=Lower("email")),
            ),
            models.CheckConstraint(name="email_is_not_empty", condition=~models.Q(email="")),
            models.CheckConstraint(name="role_is_known", condition=models.Q(role__in=Role.values)),
        ]
        indexes = [
            # For the directories and the list of pending teachers.
            models.Index(fields=["role", "is_active", "username_key"], name="user_directory"),
        ]

    def check_password(self, raw_password):
        """Return whether the password is correct, in any Unicode form in which it may have been hashed."""
        return any(super(User, self).check_password(variant) for variant in password_variants(raw_password))

    def get_absolute_url(self):
        return cached_reverse("profile", args=(self.username,))

    @property
    def popover_url(self):
        return cached_reverse("popover", args=(self.username,))

    @property
    def fragment_key(self):
        """Return everything that a cached fragment about this user depends on, apart from the language."""
        return self.pk, self.updated_at

    def get_session_auth_hash(self):
        """Return the hash that sessions must match. A change of password or role ends the user's sessions."""
        return f"{super().get_session_auth_hash()}:{self.role}"

    @property
    def is_student(self):
        return self.role == Role.STUDENT

    @property
    def is_teacher(self):
        """Return whether the user has the permissions of a teacher: pending teachers do not."""
        return self.role == Role.TEACHER and self.approved_at is not None

    @property
    def is_pending(self):
        """Return whether the user is a teacher awaiting approval, with the permissions of a student."""
        return self.role == Role.TEACHER and self.approved_at is None

    @property
    def is_administrator(self):
        return self.role == Role.ADMIN

    @property
    def is_closed(self):
        """Return whether the account is closed and its personal data erased."""
        return self.closed_at is not None

    @property
    def role_label(self):
        """Return the role in the current language; cheaper than `get_role_display()`."""
        return Role(self.role).label

    full_name = cached_property(AbstractUser.get_full_name)  # "" if the user has no name

    @cached_property
    def initials(self):
        """Return one or two letters for the generated profile picture."""
        return (self.first_name[:1] + self.last_name[:1] or self.username[:2]).upper()

    @cached_property
    def hue(self):
        """Return a number from 0 to 11, derived from the username: the colour of the generated profile picture."""
        return zlib.crc32(self.username.lower().encode()) % 12
