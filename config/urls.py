"""URLs of the site. Each app defines its own."""

from django.contrib import admin
from django.urls import include, path

from config import views

urlpatterns = [
    path("theme/", views.theme, name="theme"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("admin/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("posts.urls")),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.permission_denied"
handler404 = "config.views.page_not_found"
handler500 = "config.views.server_error"
