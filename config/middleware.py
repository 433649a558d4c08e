"""Middleware for response headers, health checks and error pages."""

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render

from config.server import BODY_LIMIT, TOO_LARGE


class ResponseHeadersMiddleware:
    """Add RESPONSE_HEADERS, except headers that the response has: profile pictures set their own Cache-Control."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in settings.RESPONSE_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class HealthCheckMiddleware:
    """Respond to /healthz, and to /readyz if the database responds (otherwise 503).

    Any host name is allowed, because load balancers send the address of the server.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info not in ("/healthz", "/readyz"):
            return self.get_response(request)
        try:
            if request.path_info == "/readyz":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
        except DatabaseError:
            return HttpResponse("the database does not respond\n", content_type="text/plain", status=503)
        return HttpResponse("ok\n", content_type="text/plain")


class ErrorPageMiddleware:
    """Show a page for a body that is too large, which the server discarded, and for a method that is not allowed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if TOO_LARGE in request.META:
            return render(request, "413.html", {"megabytes": BODY_LIMIT // (1024 * 1024)}, status=413)
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page
