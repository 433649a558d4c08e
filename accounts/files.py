"""Deletion of uploaded files that are no longer used.

Operations never delete files. If a transaction is rolled back, or a backup of the database is restored, its rows refer
to files that still exist.
"""

from datetime import timedelta

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from accounts.models import UnusedFile
from config.transactions import writing

UNUSED_AGE = timedelta(days=1)


def delete_unused_files() -> tuple[int, int]:
    """Delete the files that were unused in all calls during UNUSED_AGE.

    Returns the number of deleted files, and the number of files that could not be deleted.
    """
    fields = [field for model in apps.get_models() for field in _file_fields(model)]
    unused = set().union(*map(_stored_names, fields)).difference(*map(_used_names, fields))
    found = dict(UnusedFile.objects.values_list("name", "found_at"))
    expired = {name for name in unused & found.keys() if found[name] < timezone.now() - UNUSED_AGE}
    deleted = {name for name in expired if _delete_file(name)}
    with writing():
        UnusedFile.objects.filter(name__in=found.keys() - unused | deleted).delete()
        new = [UnusedFile(name=name) for name in unused - found.keys()]
        UnusedFile.objects.bulk_create(new, ignore_conflicts=True)  # another process may find them at the same time
    return len(deleted), len(expired - deleted)


def _delete_file(name):
    """Delete a file. Return whether this succeeded."""
    try:
        default_storage.delete(name)
    except OSError:
        return False
    return True


def _file_fields(model):
    fields = [] if model._meta.proxy else model._meta.local_fields
    return [field for field in fields if isinstance(field, models.FileField)]


def _stored_names(field):
    folder = field.upload_to
    names = default_storage.listdir(folder)[1] if default_storage.exists(folder) else []
    return {f"{folder}/{name}" for name in names}


def _used_names(field):
    return field.model.objects.exclude(**{field.name: ""}).values_list(field.name, flat=True)
