"""Delete old rows and unused files."""

from datetime import timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.files import delete_unused_files
from accounts.models import QueuedEmail, Throttle
from config.transactions import delete_in_chunks
from posts.models import Notification, Post


class Command(BaseCommand):
    """The worker runs this command every day. It is safe to run while the site is in use, and twice."""

    help = "Delete old notifications, removed posts, log entries, emails that could not be sent and unused files."

    def handle(self, **options):
        for name, rows in expired_rows().items():
            self.report(name, delete_in_chunks(rows))
        deleted, failed = delete_unused_files()
        self.report("unused files", deleted)
        if failed:
            raise CommandError(f"Unused files that could not be deleted: {failed:,}")

    def report(self, name, number):
        if number:
            self.stdout.write(f"Deleted {name}: {number:,}")


def expired_rows():
    """Return {name: queryset} of the rows to delete. Sessions have Django's own command, clearsessions."""
    now = timezone.now()

    def before(days):
        return now - timedelta(days=days)

    return {
        "counters of failed attempts": Throttle.objects.expired(),
        "emails that could not be sent": QueuedEmail.objects.filter(expires_at__lt=now),
        "notifications of deleted posts": Notification.objects.filter(
            withdrawn=True, post__removed_at__lt=before(settings.NOTIFICATION_DAYS)
        ),
        "read notifications": Notification.objects.filter(read_at__lt=before(settings.NOTIFICATION_DAYS)),
        # Replies to a post remain, without the quote "deleted".
        "removed posts": Post.objects.filter(removed_at__lt=before(settings.REMOVED_POST_DAYS)),
        "log entries": LogEntry.objects.filter(action_time__lt=before(settings.AUDIT_LOG_DAYS)),
    }
