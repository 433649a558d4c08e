"""View decorators that require a role. `posts.access` contains the permissions on objects."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from accounts.models import Role


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
