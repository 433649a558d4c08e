"""Middleware for response headers, health checks and error pages."""

from django.conf import settings
from django.shortcuts import render
from django.urls import resolve

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
    """Respond to health checks for any host name. Load balancers send the address of the server as the host."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info in ("/healthz", "/readyz"):
            return resolve(request.path_info).func(request)
        return self.get_response(request)


class ErrorPageMiddleware:
    """Show a page for a body that is too large, which the server discarded, and for a method that is not allowed.

    Users reach the latter when their session ends before they submit a form: signing in again redirects with GET to a
    URL that accepts only POST.
    """

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
