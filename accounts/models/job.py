"""Periodic jobs."""

from django.db import models
from django.utils import timezone


class Job(models.Model):
    """The time at which a job of the setting JOBS is due, or at which the claim of a worker that runs it ends."""

    name = models.CharField(max_length=30, primary_key=True)
    due_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.name
