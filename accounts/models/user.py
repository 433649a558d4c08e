"""Who people are."""

import zlib

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models.functions import Length, Lower
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.functions import IsASCII
from accounts.validators import validate_ascii, validate_username, validate_username_is_free_to_take
from config.addresses import cached_reverse
from config.transactions import lock


class Role(models.TextChoices):
    STUDENT = "student", _("student")
    TEACHER = "teacher", _("teacher")
    ADMIN = "admin", _("administrator")


class UserQuerySet(models.QuerySet):
    """People, in the words that views use."""

    def active(self):
        """Those who may sign in."""
        return self.filter(is_active=True)

    def with_role(self, role):
        """Those of one role."""
        return self.filter(role=role)

    def waiting(self):
        """Teachers whom no administrator has approved yet, the longest waiting first."""
        return self.active().filter(role=Role.TEACHER, approved_at=None).order_by("date_joined")

    def lock(self, pks):
        """Lock the users with these ids, in the order of their ids, and return them by id."""
        return {user.pk: user for user in lock(self.filter(pk__in=pks))}

    def by_login(self, text):
        """Return the one person whom a username or email address names, in any case, or None."""
        key = text.strip().lower()
        if not key.isascii() or not key.isprintable() or len(key) > 254:
            return None
        return self.filter(**{"email" if "@" in key else "username_key": key}).first()

    def search(self, text):
        """Those whose username or names hold every word of `text`, whatever its case, in any script.

        SQLite folds the case of ASCII only, so each word is looked for in the forms in which names are written.
        """
        people = self
        for word in text.replace("@", " ").split():
            forms = {word, word.lower(), word.upper(), word.capitalize()}
            matches = models.Q(username_key__contains=word.lower())
            for form in [word] if word.isascii() else forms:
                matches |= models.Q(first_name__icontains=form) | models.Q(last_name__icontains=form)
            people = people.filter(matches)
        return people


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):
    """Makes people: email addresses in their one form, superusers with the role that fits."""

    @classmethod
    def normalize_email(cls, email):
        """Return `email` in the one form that is stored: lower case, no space around it."""
        return (email or "").strip().lower()

    def create_superuser(self, username, email=None, password=None, **extra_fields):
        """Make an administrator, approved by the hand that had the server."""
        extra_fields = {"role": Role.ADMIN, "approved_at": timezone.now()} | extra_fields
        return super().create_superuser(username, email, password, **extra_fields)


class User(AbstractUser):
    """A person of the school. Student and Teacher are the same people, seen by role."""

    username = models.CharField(
        _("username"),
        max_length=20,
        unique=True,
        validators=[validate_username, validate_username_is_free_to_take],
        help_text=_("3 to 20 letters, digits, dots, hyphens or underscores. This is how others see and mention you."),
        error_messages={"unique": _("This username is taken.")},
    )
    # What makes a name the same name; computed by the database, so no door can forget it. Serves sign-in,
    # profiles, mentions and search.
    username_key = models.GeneratedField(
        expression=Lower("username"),
        output_field=models.CharField(max_length=20),
        db_persist=True,
    )
    email = models.EmailField(
        _("email address"),
        unique=True,
        validators=[validate_ascii],
        error_messages={"unique": _("Somebody is registered with this email address already.")},
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.STUDENT)
    location = models.CharField(
        _("location"),
        max_length=40,
        blank=True,
        validators=[MinLengthValidator(3)],
        help_text=_("Optional, 3 to 40 characters: a house, a class, a town."),
    )
    description = models.CharField(
        _("about you"),
        max_length=200,
        blank=True,
        validators=[MinLengthValidator(10)],
        help_text=_("Optional, 10 to 200 characters. Others see this beside your name."),
    )
    # Indexed because every request for a picture asks whose it is.
    avatar = models.FileField(_("picture"), upload_to="avatars", blank=True, max_length=60, db_index=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            # Not `unique=True` on the generated field, whose value Django's own check cannot read before it is saved.
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
            models.CheckConstraint(name="role_is_known", condition=models.Q(role__in=Role.values)),
        ]
        indexes = [
            # The directories, in the order in which they are shown, and the teachers who wait.
            models.Index(fields=["role", "is_active", "username_key"], name="user_directory"),
        ]

    def __str__(self):
        return self.username

    def clean(self):
        super().clean()
        self.email = type(self).objects.normalize_email(self.email)

    def get_absolute_url(self):
        """Return the address of this person's profile."""
        return cached_reverse("profile", self.username)

    @property
    def popover_url(self):
        """Return the address of the fragment that describes this user in a popover."""
        return cached_reverse("popover", self.username)

    @property
    def fragment_key(self):
        """Return everything that a cached fragment about this user depends on, apart from the language."""
        return (
            *(self.pk, self.username, self.first_name, self.last_name, self.avatar.name, self.location),
            *(self.description, self.role, self.is_active, self.is_staff, bool(self.approved_at), bool(self.closed_at)),
        )

    def get_session_auth_hash(self):
        """Return what every session of this person is checked against: it changes with password and role."""
        return self._session_auth_hash(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self):
        """Yield the same for each older secret key."""
        for key in settings.SECRET_KEY_FALLBACKS:
            yield self._session_auth_hash(key)

    def _session_auth_hash(self, secret):
        return salted_hmac(
            "accounts.User.session", f"{self.password}:{self.role}", secret=secret, algorithm="sha256"
        ).hexdigest()

    @property
    def is_student(self):
        """Whether this is a student."""
        return self.role == Role.STUDENT

    @property
    def is_teacher(self):
        """Whether this person has a teacher's powers: a teacher whom an administrator approved."""
        return self.role == Role.TEACHER and self.approved_at is not None

    @property
    def is_waiting(self):
        """Whether this is a teacher with a student's powers still."""
        return self.role == Role.TEACHER and self.approved_at is None

    @property
    def is_administrator(self):
        """Whether this person runs the site."""
        return self.role == Role.ADMIN

    @property
    def is_closed(self):
        """Whether this person has left and nothing here names them any more."""
        return self.closed_at is not None

    @property
    def may_see_emails(self):
        """Whether this person sees other people's email addresses."""
        return self.is_teacher or self.is_administrator

    @property
    def role_label(self):
        """Return the role in the current language; cheaper than `get_role_display()`."""
        return Role(self.role).label

    @cached_property
    def full_name(self):
        """First and last name, "" when neither is given."""
        return self.get_full_name()

    @cached_property
    def initials(self):
        """One or two letters for the drawn picture."""
        given, family = self.first_name[:1], self.last_name[:1]
        return (given + family or self.username[:2]).upper()

    @cached_property
    def hue(self):
        """A number from 0 to 11, the same for a username for ever: the drawn picture's colour and figure."""
        return zlib.crc32(self.username.lower().encode()) % 12


class RoleQuerySet(UserQuerySet):
    """People of the one role that a proxy model stands for."""

    def bulk_create(self, objs, *args, **kwargs):
        """Stamp the role: bulk creation does not pass by `save()`."""
        objs = list(objs)
        for obj in objs:
            obj.role = self.model.ROLE
        return super().bulk_create(objs, *args, **kwargs)


class RoleManager(UserManager.from_queryset(RoleQuerySet)):
    """Loads one role only."""

    # An administrator is neither; `User.objects` makes them.
    create_superuser = None

    def get_queryset(self):
        return super().get_queryset().filter(role=self.model.ROLE)


class RoleStamp(models.Model):
    """What Student and Teacher share: what is created through them gets their role, whatever it was given."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self._state.adding:
            self.role = self.ROLE
        super().save(*args, **kwargs)


class Student(RoleStamp, User):
    """A student; `Student.objects` loads and makes students only."""

    ROLE = Role.STUDENT
    objects = RoleManager()

    class Meta:
        proxy = True
        verbose_name = _("student")
        verbose_name_plural = _("students")


class Teacher(RoleStamp, User):
    """A teacher, approved or waiting; `Teacher.objects` loads and makes teachers only."""

    ROLE = Role.TEACHER
    objects = RoleManager()

    class Meta:
        proxy = True
        verbose_name = _("teacher")
        verbose_name_plural = _("teachers")
