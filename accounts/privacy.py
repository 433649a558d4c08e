"""What this app holds of a person: theirs to take away, and gone when they leave."""

from django.utils import timezone


def export(user):
    """Return what is kept about `user` as values that JSON can hold; passwords and keys are not among them."""
    return {
        "account": {
            "username": user.username,
            "email": user.email,
            "role": user.role,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "location": user.location,
            "description": user.description,
            "picture": user.avatar.name,
            "date_joined": user.date_joined,
            "updated_at": user.updated_at,
            "last_login": user.last_login,
            "approved_at": user.approved_at,
        },
        "sessions": list(user.sessions.live().values("user_agent", "started_at", "expire_date")),
        "log": [
            {"when": entry.action_time, "what": str(entry.content_type), "did": str(entry)}
            for entry in user.logentry_set.select_related("content_type").order_by("-pk")[:1000]
        ],
    }


def lock_rows(user):
    """Lock nothing: `close_account` locks the users."""


def erase(user):
    """Take everything from the account that names a person. The row stays: posts and the log hang on it."""
    user.username = f"former-{user.pk}"
    user.email = f"former-{user.pk}@invalid.invalid"
    user.first_name = user.last_name = user.location = user.description = ""
    user.avatar = ""
    user.set_unusable_password()
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.closed_at = timezone.now()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
    user.sessions.all().delete()
