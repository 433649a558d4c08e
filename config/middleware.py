"""Middleware for response headers and error pages."""

from django.conf import settings
from django.shortcuts import render

from config.server.pages import STALLED, TOO_LARGE
from config.views import unavailable


class ResponseHeadersMiddleware:
    """Add RESPONSE_HEADERS, except headers that the response has: profile pictures set their own Cache-Control."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in settings.RESPONSE_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class ErrorPageMiddleware:
    """Show a page for a request or a body that the server has given up, and for a method that is not allowed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if STALLED in request.META:
            return unavailable(request)
        if TOO_LARGE in request.META:
            return render(request, "413.html", {"megabytes": request.META[TOO_LARGE] // (1024 * 1024)}, status=413)
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page
