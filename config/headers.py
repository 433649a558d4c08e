"""The headers of all responses, also of live streams."""

# In the format of Django 6, whose ContentSecurityPolicyMiddleware does not send the header with live streams.
CONTENT_SECURITY_POLICY = {
    "default-src": ["'none'"],
    "base-uri": ["'none'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "img-src": ["'self'"],
    "manifest-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
}
# Features of browsers that the site does not use. Browsers log a warning for features that they do not have.
_UNUSED_FEATURES = (
    "accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation gyroscope hid idle-detection "
    "magnetometer microphone midi payment picture-in-picture publickey-credentials-get screen-wake-lock serial "
    "sync-xhr usb xr-spatial-tracking"
)
RESPONSE_HEADERS = {
    "Cache-Control": "no-store",  # no page can be read on a shared computer after the user signs out
    "Content-Security-Policy": "; ".join(
        f"{name} {' '.join(sources)}" for name, sources in CONTENT_SECURITY_POLICY.items()
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _UNUSED_FEATURES.split()),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
