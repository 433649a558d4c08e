"""URLs of rooms, posts, people and notifications."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from posts import views


class UsernameConverter(StringConverter):
    """A username in upper or lower case. It also matches the names of closed accounts, for which views return 404."""

    regex = r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}"


register_converter(UsernameConverter, "username")

urlpatterns = [
    path("home/", views.home, name="home"),
    path("home/student/", views.home_student, name="home_student"),
    path("home/teacher/", views.home_teacher, name="home_teacher"),
    path("home/administrator/", views.home_administrator, name="home_administrator"),
    path("students/", views.student_list, name="students"),
    path("teachers/", views.teacher_list, name="teachers"),
    path("users/<username:username>/", views.profile, name="profile"),
    path("users/<username:username>/popover/", views.popover, name="popover"),
    path("media/avatars/<str:name>", views.avatar, name="avatar"),
    path("rooms/", views.room_list, name="rooms"),
    path("rooms/<slug:slug>/", views.room_detail, name="room"),
    path("rooms/<slug:slug>/updates/", views.room_updates, name="room_updates"),
    path("rooms/<slug:slug>/read/", views.room_read, name="room_read"),
    path("posts/<int:pk>/", views.post_permalink, name="post"),
    path("posts/<int:pk>/edit/", views.post_edit, name="post_edit"),
    path("posts/<int:pk>/delete/", views.post_delete, name="post_delete"),
    path("live/", views.live_unavailable, name="live"),
    path("notifications/", views.notification_list, name="notifications"),
    path("notifications/read/", views.notification_read, name="notification_read"),
    path("notifications/unread/", views.notification_unread, name="notification_unread"),
]
