"""The URL of live streams, on a server that cannot stream."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def live_unavailable(request):
    """Respond with one event that makes pages poll instead.

    Only WSGI servers call this view: a stream would occupy one of their threads. Under ASGI, `posts.live.asgi`
    responds to this URL.
    """
    return HttpResponse("retry: 60000\nevent: poll\ndata: {}\n\n", content_type="text/event-stream")
