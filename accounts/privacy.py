"""Personal data in accounts: export and erasure."""

from django.utils import timezone

from accounts.models import Throttle, User


def export(user):
    """Return the user's account, active sessions and latest actions as values that JSON can represent.

    It contains no passwords and no session keys.
    """
    return {
        "account": {
            "username": user.username,
            "email": user.email,
            "role": user.role,
            **{name: getattr(user, name) for name in User.PROFILE_FIELDS},
            "language": user.language,
            "picture": user.avatar.name,
            "must_change_password": user.must_change_password,
            "date_joined": user.date_joined,
            "updated_at": user.updated_at,
            "last_login": user.last_login,
            "approved_at": user.approved_at,
        },
        "sessions": list(user.sessions.active().values("user_agent", "started_at", "expire_date")),
        "audit_log": [
            {"time": entry.action_time, "item_type": str(entry.content_type), "action": str(entry)}
            for entry in user.logentry_set.select_related("content_type").order_by("-pk")[:1000]
        ],
    }


def export_files(user):
    """Return no names of files: the export contains the files of posts only."""
    return []


def lock_rows(user):
    """Do nothing: `close_account` locks the user."""


def erase(user, actor):
    """Erase the user's personal data. The row remains, because posts and the audit log refer to it."""
    Throttle.objects.filter(username=user.username).delete()
    user.username = f"former-{user.pk}"
    user.email = f"former-{user.pk}@invalid.invalid"
    for name in User.PROFILE_FIELDS:
        setattr(user, name, User._meta.get_field(name).get_default())
    user.avatar = user.language = ""
    user.set_unusable_password()
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.closed_at = timezone.now()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
    user.sessions.all().delete()
