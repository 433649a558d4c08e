"""What every answer carries."""

from django.shortcuts import render

from config.server import BODY_LIMIT, TOO_LARGE


class PrivatePagesMiddleware:
    """Keep pages out of every cache, so that nothing is left on a shared machine after somebody signs out.

    A view that may be cached (a drawn picture, an uploaded one) says so with a Cache-Control of its own.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class MethodPageMiddleware:
    """Give the bare 405 of a view that takes no such method a page with a way on.

    A browser comes there with GET when somebody's session ended before they sent a form, and they signed in again.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page


class BodyLimitMiddleware:
    """Show a page with status 413 if the server discarded the request body because it is too large."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if TOO_LARGE in request.META:
            return render(request, "413.html", {"megabytes": BODY_LIMIT // (1024 * 1024)}, status=413)
        return self.get_response(request)
