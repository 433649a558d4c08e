"""Load fixtures."""

from django.core.management.commands import loaddata

from accounts.audit import ADDITION, CHANGE, record
from accounts.models import User
from config.transactions import writing


class Command(loaddata.Command):
    """Django's command, which also normalizes email addresses and records users in the audit log."""

    def handle(self, *fixture_labels, **options):
        self.loaded_users = []
        with writing():
            super().handle(*fixture_labels, **options)
            # Afterwards, because fixtures can contain entries of the audit log with the next ids.
            for user, before in self.loaded_users:
                changed = [field.name for field in user._meta.concrete_fields if is_changed(field, user, before)]
                if changed or before is None:
                    record(user, user, CHANGE if before else ADDITION, changed, reason="manage.py loaddata")

    def save_obj(self, obj):
        is_user = isinstance(obj.object, User)
        if is_user:
            obj.object.email = User.objects.normalize_email(obj.object.email)
        before = User.objects.filter(pk=obj.object.pk).first() if is_user else None
        saved = super().save_obj(obj)
        if is_user and saved:
            self.loaded_users.append((obj.object, before))
        return saved


def is_changed(field, user, before) -> bool:
    """Return whether the value of a field was changed, except values that the database or Django sets."""
    is_automatic = field.generated or getattr(field, "auto_now", False)
    return before is not None and not is_automatic and field.value_from_object(user) != field.value_from_object(before)
