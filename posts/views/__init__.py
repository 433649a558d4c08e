from posts.views.archive import rooms_archive
from posts.views.attachments import attachment
from posts.views.class_lists import class_list_cards, class_list_import, member_reset_password
from posts.views.conversation import room_detail, room_updates
from posts.views.groups import room_groups, room_groups_archive, room_groups_choose
from posts.views.home import home, home_administrator, home_student, home_teacher
from posts.views.join import room_join, room_join_link, room_leave
from posts.views.members import (
    member_accept,
    member_add,
    member_decline,
    member_demote,
    member_promote,
    member_remove,
    members_accept,
    members_add,
    members_export,
    room_members,
    room_members_updates,
)
from posts.views.mentions import room_mentions, room_people
from posts.views.notifications import (
    notification_list,
    notification_open,
    notification_read,
    notification_unread,
    room_notify,
)
from posts.views.people import avatar, popover, profile, student_list, teacher_list, user_approve
from posts.views.posts import post_delete, post_edit, post_permalink, post_restore
from posts.views.reactions import post_react
from posts.views.rooms import (
    live_unavailable,
    room_archive,
    room_code,
    room_code_rotate,
    room_create,
    room_list,
    room_read,
    room_reopen,
    room_settings,
    rooms_read,
)
