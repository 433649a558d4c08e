"""Who may call a view. What a person may see of an object is a QuerySet's business."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.models import Role


def role_required(*roles):
    """Answer 403 to a signed-in person whose role is none of `roles`. Waiting teachers count as teachers here."""

    def decorate(view):
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            if request.user.role not in roles:
                raise PermissionDenied(_("This page belongs to people with another role."))
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


student_required = role_required(Role.STUDENT)
teacher_required = role_required(Role.TEACHER)
