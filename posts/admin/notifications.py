"""The admin of notifications."""

from django.contrib import admin
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin.base import ReadOnlyAdmin
from accounts.admin.filters import ConditionFilter, user_filter
from posts.models import Notification


class ReadFilter(ConditionFilter):
    """Filter notifications by state: unread, read or withdrawn with their post."""

    title = gettext_lazy("read")
    parameter_name = "read"
    conditions = {
        "no": (gettext_lazy("unread"), Q(read_at=None, withdrawn=False)),
        "yes": (gettext_lazy("read"), Q(read_at__isnull=False, withdrawn=False)),
        "withdrawn": (gettext_lazy("withdrawn"), Q(withdrawn=True)),
    }


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """Notifications, read-only."""

    list_display = ("created", "recipient", "kind", "actor", "about", "read_at")
    sortable_by = ("created",)  # the other columns would sort all notifications
    list_prefetch_related = ("recipient", "actor", "room")
    list_filter = ("kind", ReadFilter, user_filter("recipient", "person", gettext_lazy("recipient")), "created_at")
    search_fields = ("recipient__username", "actor__username")
    search_help_text = gettext_lazy("Username of the recipient or the actor")
    fields = ("recipient", "kind", "actor", "about", "created_at", "read_at", "withdrawn")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("about"))
    def about(self, notification):
        text = _("post %d") % notification.post_id if notification.post_id else notification.room or _("account")
        return format_html('<a href="{}">{}</a>', notification.get_absolute_url(), text)
