from posts.views.conversation import room_detail, room_updates
from posts.views.home import home, home_administrator, home_student, home_teacher
from posts.views.live import live_unavailable
from posts.views.notifications import notification_list, notification_read, notification_unread
from posts.views.people import avatar, popover, profile, student_list, teacher_list
from posts.views.posts import post_delete, post_edit, post_permalink
from posts.views.rooms import room_list, room_read

__all__ = [
    "avatar",
    "home",
    "home_administrator",
    "home_student",
    "home_teacher",
    "live_unavailable",
    "notification_list",
    "notification_read",
    "notification_unread",
    "popover",
    "post_delete",
    "post_edit",
    "post_permalink",
    "profile",
    "room_detail",
    "room_list",
    "room_read",
    "room_updates",
    "student_list",
    "teacher_list",
]
