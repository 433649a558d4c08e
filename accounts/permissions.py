"""The accounts that staff can change. `posts.access` contains the permissions on other objects."""

from django.db.models import Q, QuerySet

from accounts.models import Role, User


def changeable_users(actor: User, users: QuerySet) -> QuerySet:
    """Return the `users` whose accounts the staff user `actor` can change: only superusers change staff."""
    users = users.filter(closed_at=None)
    if actor.is_superuser:
        return users
    return users.exclude(Q(role=Role.ADMIN) | Q(is_staff=True) | Q(is_superuser=True))
