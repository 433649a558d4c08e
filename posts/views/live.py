"""The live stream's address, where the server cannot stream."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def live_elsewhere(request):
    """Say once that there is no stream here, so that pages poll.

    Only a WSGI server gets here: it would hold a thread for each stream. `config.asgi` answers by `posts.live.asgi`.
    """
    return HttpResponse("retry: 60000\nevent: poll\ndata: {}\n\n", content_type="text/event-stream")
