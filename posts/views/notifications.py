"""Notifications."""

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.text import read_id
from config.requests import page_action, wants_fragment
from posts import access, actions
from posts.models import Notification

NOTIFICATIONS_PER_PAGE = 30


@require_safe
def notification_list(request):
    """List the user's notifications, newest first."""
    notifications = Notification.objects.visible(access.for_request(request)).newest_first()
    page = Paginator(notifications, NOTIFICATIONS_PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = page.object_list.for_list()
    return render(request, "posts/notification_list.html", {"page": page, "title": _("Notifications")})


@page_action
def notification_read(request):
    """Mark a notification as read, given by its id `notification`, or all of the user's notifications."""
    notifications = Notification.objects.filter(recipient=request.user)
    if value := request.POST.get("notification", ""):
        pk = read_id(value)
        if pk is None:
            raise BadRequest("notification is not the id of a notification")
        notifications = notifications.filter(pk=pk)
    actions.read_notifications(request.user, notifications)
    return HttpResponse(status=204) if wants_fragment(request) else redirect("notifications")


@require_safe
def notification_unread(request):
    """Return the number of unread notifications as JSON, or 304 if the browser has it."""
    unread = Notification.objects.count_unread(access.for_request(request))
    etag = quote_etag(str(unread))
    # `request.headers` would parse all headers, and every open page polls this view.
    if request.META.get("HTTP_IF_NONE_MATCH") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    return JsonResponse({"unread": unread}, headers={"ETag": etag})
