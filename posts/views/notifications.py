"""What one should know of."""

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.text import read_id
from config.requests import wants_fragment
from posts import access, actions
from posts.models import Notification

PER_PAGE = 30


@require_safe
def notification_list(request):
    """List what one was told, the newest first."""
    mine = Notification.objects.visible(access.of(request)).newest_first()
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = page.object_list.for_list()
    return render(request, "posts/notification_list.html", {"page": page, "title": _("Notifications")})


@require_POST
def notification_read(request):
    """Mark read the notification with the id `notification`, or all."""
    mine = Notification.objects.filter(recipient=request.user)
    chosen = request.POST.get("notification", "")
    if chosen:
        if read_id(chosen) is None:
            raise BadRequest("notification is not the id of one")
        mine = mine.filter(pk=read_id(chosen))
    actions.read_notifications(request.user, mine)
    if wants_fragment(request):
        return HttpResponse(status=204)
    return redirect("notifications")


@require_safe
def notification_unread(request):
    """Say how many are unread, for the badge; 304 while that is what the browser knows."""
    unread = Notification.objects.count_unread(access.of(request))
    etag = quote_etag(str(unread))
    # Not `request.headers`, which reads all of them: every open page asks this again and again.
    if request.META.get("HTTP_IF_NONE_MATCH") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    return JsonResponse({"unread": unread}, headers={"ETag": etag})
