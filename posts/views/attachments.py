"""Pictures and files in posts."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponseNotModified
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from config.requests import automatic
from posts import access

# A document that a browser shows in spite of `Content-Disposition` runs no scripts and loads nothing.
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


@automatic  # for pictures in posts that arrive
@require_safe
def attachment(request, name):
    """Show a picture, or download a file, of a post that the user can see."""
    found = access.attachment_to_read(access.for_request(request), name)
    if not default_storage.exists(found.file.name):
        raise Http404
    # The file of a name never changes, but browsers must ask each time: the user may have signed out or left the room.
    headers = {"Cache-Control": "private, no-cache", "Content-Security-Policy": POLICY, "ETag": quote_etag(name)}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponseNotModified(headers=headers)
    return FileResponse(
        default_storage.open(found.file.name),
        as_attachment=not found.is_picture,
        filename=found.name or name,
        content_type=found.media_type,
        headers=headers,
    )
