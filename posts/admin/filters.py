"""Filters that several lists share."""

from django.utils.translation import gettext_lazy

from accounts.admin.filters import TextFilter
from posts.models import Room


class RoomFilter(TextFilter):
    """One room, by its address."""

    title = gettext_lazy("room (address)")
    parameter_name = "room"

    def find(self, queryset, text):
        room = Room.objects.filter(slug=text.lower()).values_list("pk", flat=True).first()
        return queryset.none() if room is None else queryset.filter(room=room)
