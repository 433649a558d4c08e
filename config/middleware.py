"""What every answer carries."""


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
