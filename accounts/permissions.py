"""View decorators that require a role, and the accounts that staff can change.

`posts.access` contains the permissions on other objects.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User


def role_required(role, message):
    """Respond with 403 and `message` to users with another role. Pending teachers count as teachers."""

    def decorate(view):
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            if request.user.role != role:
                raise PermissionDenied(message)
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


student_required = role_required(Role.STUDENT, _("This page is for students."))
teacher_required = role_required(Role.TEACHER, _("This page is for teachers."))
administrator_required = role_required(Role.ADMIN, _("This page is for administrators."))


def changeable_users(actor: User, users: QuerySet) -> QuerySet:
    """Return the `users` whose accounts the staff user `actor` can change: only superusers change staff."""
    users = users.filter(closed_at=None)
    if actor.is_superuser:
        return users
    return users.exclude(Q(role=Role.ADMIN) | Q(is_staff=True) | Q(is_superuser=True))
