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
    path("users/<username:username>/approve/", views.user_approve, name="user_approve"),
    path("media/avatars/<str:name>", views.avatar, name="avatar"),
    path("rooms/", views.room_list, name="rooms"),
    path("rooms/archived/", views.rooms_archive, name="rooms_archive"),
    path("rooms/all/read/", views.rooms_read, name="rooms_read"),
    path("rooms/new/", views.room_create, name="room_create"),
    path("rooms/join/", views.room_join, name="room_join"),
    path("rooms/join/<str:code>/", views.room_join_link, name="room_join_link"),
    path("rooms/<slug:slug>/", views.room_detail, name="room"),
    path("rooms/<slug:slug>/updates/", views.room_updates, name="room_updates"),
    path("rooms/<slug:slug>/read/", views.room_read, name="room_read"),
    path("rooms/<slug:slug>/people/", views.room_people, name="room_people"),
    path("rooms/<slug:slug>/mentions/", views.room_mentions, name="room_mentions"),
    path("rooms/<slug:slug>/notify/", views.room_notify, name="room_notify"),
    path("rooms/<slug:slug>/members/", views.room_members, name="room_members"),
    path("rooms/<slug:slug>/members/updates/", views.room_members_updates, name="room_members_updates"),
    path("rooms/<slug:slug>/members/add/", views.members_add, name="members_add"),
    path("rooms/<slug:slug>/members/export/", views.members_export, name="members_export"),
    path("rooms/<slug:slug>/members/accept/", views.members_accept, name="members_accept"),
    path("rooms/<slug:slug>/members/<username:username>/accept/", views.member_accept, name="member_accept"),
    path("rooms/<slug:slug>/members/<username:username>/decline/", views.member_decline, name="member_decline"),
    path("rooms/<slug:slug>/members/<username:username>/add/", views.member_add, name="member_add"),
    path("rooms/<slug:slug>/members/<username:username>/remove/", views.member_remove, name="member_remove"),
    path("rooms/<slug:slug>/members/<username:username>/promote/", views.member_promote, name="member_promote"),
    path("rooms/<slug:slug>/members/<username:username>/demote/", views.member_demote, name="member_demote"),
    path("rooms/<slug:slug>/members/import/", views.class_list_import, name="class_list_import"),
    path("rooms/<slug:slug>/members/cards/", views.class_list_cards, name="class_list_cards"),
    path(
        "rooms/<slug:slug>/members/<username:username>/reset-password/",
        views.member_reset_password,
        name="member_reset_password",
    ),
    path("rooms/<slug:slug>/code/", views.room_code, name="room_code"),
    path("rooms/<slug:slug>/code/rotate/", views.room_code_rotate, name="room_code_rotate"),
    path("rooms/<slug:slug>/leave/", views.room_leave, name="room_leave"),
    path("rooms/<slug:slug>/settings/", views.room_settings, name="room_settings"),
    path("rooms/<slug:slug>/archive/", views.room_archive, name="room_archive"),
    path("rooms/<slug:slug>/reopen/", views.room_reopen, name="room_reopen"),
    path("rooms/<slug:slug>/groups/", views.room_groups, name="room_groups"),
    path("rooms/<slug:slug>/groups/choose/", views.room_groups_choose, name="room_groups_choose"),
    path("rooms/<slug:slug>/groups/archive/", views.room_groups_archive, name="room_groups_archive"),
    path("posts/<int:pk>/", views.post_permalink, name="post"),
    path("posts/<int:pk>/edit/", views.post_edit, name="post_edit"),
    path("posts/<int:pk>/delete/", views.post_delete, name="post_delete"),
    path("posts/<int:pk>/restore/", views.post_restore, name="post_restore"),
    path("posts/<int:pk>/react/", views.post_react, name="post_react"),
    path("attachments/<str:name>", views.attachment, name="attachment"),
    path("live/", views.live_unavailable, name="live"),
    path("notifications/", views.notification_list, name="notifications"),
    path("notifications/<int:pk>/", views.notification_open, name="notification"),
    path("notifications/read/", views.notification_read, name="notification_read"),
    path("notifications/unread/", views.notification_unread, name="notification_unread"),
]
