"""The admin of accounts: shared base classes, and one module for each subject."""

from django.contrib import admin
from django.contrib.auth.models import Group

from accounts.admin import audit_log, invitations, sessions, throttles, users

# Permissions come with the role. Groups would be a second, unnoticed way to grant them.
admin.site.unregister(Group)
