"""Uploaded files."""

from django.db import models
from django.utils import timezone


class UnusedFile(models.Model):
    """A file that no row refers to, and the time at which `accounts.files` found it."""

    name = models.CharField(max_length=255, primary_key=True)
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.name
