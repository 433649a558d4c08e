"""The admin of accounts, one module for each subject."""

from django.contrib import admin
from django.contrib.auth.models import Group

from accounts.admin import audit_log, invitations, sessions, users

__all__ = ["audit_log", "invitations", "sessions", "users"]

# Rights come with the role. Groups would be a second way to them that nobody looks at.
admin.site.unregister(Group)
