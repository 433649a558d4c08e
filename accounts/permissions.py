"""View decorators that require a role. `posts.access` contains the permissions on objects."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.models import Role


def role_required(*roles):
    """Respond with 403 to users with another role. Pending teachers count as teachers."""

    def decorate(view):
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            if request.user.role not in roles:
                raise PermissionDenied(_("Your role doesn't have access to this page."))
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


student_required = role_required(Role.STUDENT)
teacher_required = role_required(Role.TEACHER)
