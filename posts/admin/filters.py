"""Filters that several lists share."""

from django.utils.translation import gettext_lazy

from accounts.admin.filters import TextFilter
from posts.models import Room


class RoomFilter(TextFilter):
    """A filter by the address of a room, ignoring case."""

    title = gettext_lazy("room")
    parameter_name = "room"
    placeholder = gettext_lazy("Address")

    def search(self, queryset, text):
        room_id = Room.objects.filter(slug=text.lower()).values_list("pk", flat=True).first()
        return queryset.none() if room_id is None else queryset.filter(room=room_id)
