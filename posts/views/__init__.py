from posts.views.conversation import room_detail, room_updates
from posts.views.home import home, home_administrator, home_student, home_teacher
from posts.views.notifications import notification_list, notification_read, notification_unread
from posts.views.people import avatar, popover, profile, student_list, teacher_list
from posts.views.posts import post_delete, post_edit, post_permalink
from posts.views.rooms import live_unavailable, room_list, room_read
