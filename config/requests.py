"""Properties of requests."""


def wants_fragment(request) -> bool:
    """Return whether a script of this site made the request and inserts the response into a page."""
    # `request.headers` would parse all headers.
    return request.META.get("HTTP_X_REQUESTED_WITH") == "fetch"
