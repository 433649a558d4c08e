"""Notifications."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from accounts.templatetags.text import isolate_text as isolate
from accounts.text import read_id
from config.requests import automatic, page_action, wants_fragment
from posts import access, actions
from posts.models import Membership, Notification, group_notifications
from posts.unread import unread_notifications

NOTIFICATIONS_PER_PAGE = 30
PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


@require_safe
def notification_list(request):
    """List the user's notifications, newest first. Those of a group are one row on each page."""
    notifications = Notification.objects.visible(access.for_request(request)).newest_first()
    page = Paginator(notifications, NOTIFICATIONS_PER_PAGE).get_page(request.GET.get("page"))
    rows = page.object_list.for_list().with_group().with_open_requests(access.for_request(request))
    page.object_list = group_notifications(rows)
    return render(request, "posts/notification_list.html", {"page": page, "title": _("Notifications")})


@require_GET
def notification_open(request, pk):
    """Mark a notification and the older ones of its group as read, and redirect to its subject.

    Browsers that prefetch the page get an error, so that they mark nothing and request it again when it is needed.
    """
    if any("prefetch" in request.headers.get(name, "") for name in PREFETCH_HEADERS):
        return HttpResponse(status=403)
    notifications = Notification.objects.visible(access.for_request(request))
    notification = get_object_or_404(notifications.select_related("room"), pk=pk)
    if notification.read_at is None:
        actions.read_notifications(request.user, notifications.group_up_to(pk))
    return redirect(notification)


@page_action
def notification_read(request):
    """Mark a notification, given by its id `notification`, and the older ones of its group as read, or all."""
    notifications = Notification.objects.filter(recipient=request.user)
    if value := request.POST.get("notification", ""):
        pk = read_id(value)
        if pk is None:
            raise BadRequest("notification is not the id of a notification")
        notifications = notifications.group_up_to(pk)
    actions.read_notifications(request.user, notifications)
    return HttpResponse(status=204) if wants_fragment(request) else redirect("notifications")


@page_action
def room_notify(request, slug):
    """Set the `level` of the user's notifications about a room: mentions and replies, or nothing."""
    room = access.room_to_read(access.for_request(request), slug)
    level = request.POST.get("level")
    if level not in Membership.Notify.values:
        raise BadRequest("level is not a level of notifications")
    actions.set_notification_level(request.user, room, level)
    if wants_fragment(request):
        return HttpResponse(status=204)
    is_off = level == Membership.Notify.NOTHING
    text = _("Notifications about %(room)s are off.") if is_off else _("Notifications about %(room)s are on.")
    messages.success(request, text % {"room": isolate(room.name)})
    return redirect(room)


@automatic
@require_safe
def notification_unread(request):
    """Return the number of unread notifications as JSON, or 304 if the browser has it."""
    unread = len(unread_notifications(request))
    etag = quote_etag(str(unread))
    # `request.headers` would parse all headers, and every open page polls this view.
    if request.META.get("HTTP_IF_NONE_MATCH") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    return JsonResponse({"unread": unread}, headers={"ETag": etag})
