"""The expected response to every URL: URL name × method × user.

The common room is archived. There is one other room: `teacher` owns it, `co_teacher` is its co-teacher, `student` and
`classmate` are its members, and `student` wrote the post. A class list of the room created the account of `classmate`.
Profile, popover and avatar are those of `classmate`. There is a join request, another teacher is a member, and everyone
can see the user to add, a teacher. Hidden objects return 404, and visible objects that the user cannot change return
403. The notification is one of `student`. `in` is a redirect to the sign-in page and back.
"""

USERS = (
    "visitor",
    "student",
    "classmate",
    "outsider",
    "pending_teacher",
    "teacher",
    "co_teacher",
    "admin",
    "deactivated",
)

TABLE = """
                                visitor student classm. outsid. waiting teacher coteach admin   deactivated

theme                      GET  405     405     405     405     405     405     405     405     405
                           POST 302     302     302     302     302     302     302     302     302
manifest                   GET  200     200     200     200     200     200     200     200     200
                           POST 405     405     405     405     405     405     405     405     405
admin:index                GET  in      403     403     403     403     403     403     200     in
                           POST in      403     403     403     403     403     403     200     in

landing                    GET  200     302     302     302     302     302     302     302     200
                           POST 405     405     405     405     405     405     405     405     405
register                   GET  200     302     302     302     302     302     302     302     200
                           POST 405     405     405     405     405     405     405     405     405
register_student           GET  200     302     302     302     302     302     302     302     200
                           POST 302     302     302     302     302     302     302     302     302
register_teacher           GET  200     302     302     302     302     302     302     302     200
                           POST 302     302     302     302     302     302     302     302     302
login                      GET  200     302     302     302     302     302     302     302     200
                           POST 200     302     302     302     302     302     302     302     200
login_student              GET  200     302     302     302     302     302     302     302     200
                           POST 200     302     302     302     302     302     302     302     200
login_teacher              GET  200     302     302     302     302     302     302     302     200
                           POST 200     302     302     302     302     302     302     302     200
logout                     GET  405     405     405     405     405     405     405     405     405
                           POST 302     302     302     302     302     302     302     302     302
password_reset             GET  200     200     200     200     200     200     200     200     200
                           POST 302     302     302     302     302     302     302     302     302
password_reset_done        GET  200     200     200     200     200     200     200     200     200
                           POST 405     405     405     405     405     405     405     405     405
password_reset_confirm     GET  200     200     200     200     200     200     200     200     200
                           POST 200     200     200     200     200     200     200     200     200
password_reset_complete    GET  200     200     200     200     200     200     200     200     200
                           POST 405     405     405     405     405     405     405     405     405

account                    GET  in      200     200     200     200     200     200     200     in
                           POST in      302     302     302     302     302     302     302     in
password_change            GET  in      200     200     200     200     200     200     200     in
                           POST in      302     302     302     302     302     302     302     in
sessions                   GET  in      200     200     200     200     200     200     200     in
                           POST in      302     302     302     302     302     302     302     in
account_export             GET  in      200     200     200     200     200     200     200     in
                           POST in      200     200     200     200     200     200     200     in
account_delete             GET  in      200     200     200     200     200     200     200     in
                           POST in      302     302     302     302     302     302     302     in

home                       GET  in      302     302     302     302     302     302     302     in
                           POST in      405     405     405     405     405     405     405     in
home_student               GET  in      200     200     200     403     403     403     403     in
                           POST in      405     405     405     405     405     405     405     in
home_teacher               GET  in      403     403     403     200     200     200     403     in
                           POST in      405     405     405     405     405     405     405     in
home_administrator         GET  in      403     403     403     403     403     403     200     in
                           POST in      405     405     405     405     405     405     405     in

students                   GET  in      200     200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     405     in
teachers                   GET  in      200     200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     405     in
profile                    GET  in      200     200     404     404     200     200     200     in
                           POST in      405     405     405     405     405     405     405     in
popover                    GET  in      200     200     404     404     200     200     200     in
                           POST in      405     405     405     405     405     405     405     in
user_approve               GET  in      405     405     405     405     405     405     405     in
                           POST in      403     403     403     403     403     403     302     in
avatar                     GET  in      200     200     404     404     200     200     200     in
                           POST in      405     405     405     405     405     405     405     in

rooms                      GET  in      200     200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     405     in
rooms_read                 GET  in      405     405     405     405     405     405     405     in
                           POST in      302     302     302     302     302     302     302     in
rooms_archive              GET  in      200     200     200     200     200     200     200     in
                           POST in      200     200     200     200     302     302     200     in
room_create                GET  in      403     403     403     403     200     200     200     in
                           POST in      403     403     403     403     302     302     302     in
room_join                  GET  in      200     200     200     200     200     200     200     in
                           POST in      302     302     302     302     302     302     302     in
room_join_link             GET  in      302     302     200     200     302     302     200     in
                           POST in      302     302     302     302     302     302     302     in
room_leave                 GET  in      200     200     404     404     200     200     403     in
                           POST in      302     302     404     404     302     302     403     in
room                       GET  in      200     200     404     404     200     200     200     in
                           POST in      302     302     404     404     302     302     302     in
room_updates               GET  in      200     200     404     404     200     200     200     in
                           POST in      405     405     405     405     405     405     405     in
room_read                  GET  in      405     405     405     405     405     405     405     in
                           POST in      302     302     404     404     302     302     302     in
room_people                GET  in      200     200     404     404     200     200     200     in
                           POST in      405     405     405     405     405     405     405     in
room_mentions              GET  in      405     405     405     405     405     405     405     in
                           POST in      204     204     404     404     204     204     204     in
room_notify                GET  in      405     405     405     405     405     405     405     in
                           POST in      302     302     404     404     302     302     403     in
room_members               GET  in      200     200     404     404     200     200     200     in
                           POST in      405     405     405     405     405     405     405     in
room_members_updates       GET  in      403     403     404     404     200     200     200     in
                           POST in      405     405     405     405     405     405     405     in
members_add                GET  in      403     403     404     404     200     200     200     in
                           POST in      405     405     405     405     405     405     405     in
members_export             GET  in      405     405     405     405     405     405     405     in
                           POST in      403     403     404     404     200     200     200     in
members_accept             GET  in      405     405     405     405     405     405     405     in
                           POST in      403     403     404     404     302     302     302     in
member_accept              GET  in      405     405     405     405     405     405     405     in
                           POST in      403     403     404     404     302     302     302     in
member_decline             GET  in      405     405     405     405     405     405     405     in
                           POST in      403     403     404     404     302     302     302     in
member_add                 GET  in      405     405     405     405     405     405     405     in
                           POST in      403     403     404     404     302     302     302     in
member_remove              GET  in      403     403     404     404     200     200     200     in
                           POST in      403     403     404     404     302     302     302     in
member_promote             GET  in      405     405     405     405     405     405     405     in
                           POST in      403     403     404     404     302     302     302     in
member_demote              GET  in      405     405     405     405     405     405     405     in
                           POST in      403     403     404     404     302     302     302     in
class_list_import          GET  in      403     403     404     404     200     200     200     in
                           POST in      403     403     404     404     200     200     200     in
class_list_cards           GET  in      403     403     404     404     200     200     200     in
                           POST in      403     403     404     404     200     200     200     in
member_reset_password      GET  in      403     403     404     404     200     200     200     in
                           POST in      403     403     404     404     200     200     200     in
room_code                  GET  in      403     403     404     404     200     200     200     in
                           POST in      405     405     405     405     405     405     405     in
room_code_rotate           GET  in      405     405     405     405     405     405     405     in
                           POST in      403     403     404     404     302     302     302     in
room_settings              GET  in      403     403     404     404     200     200     200     in
                           POST in      403     403     404     404     302     302     302     in
room_archive               GET  in      405     405     405     405     405     405     405     in
                           POST in      403     403     404     404     302     302     302     in
room_reopen                GET  in      405     405     405     405     405     405     405     in
                           POST in      403     403     404     404     302     302     302     in
room_groups                GET  in      403     403     404     404     200     200     200     in
                           POST in      403     403     404     404     302     302     302     in
room_groups_choose         GET  in      403     403     404     404     302     302     302     in
                           POST in      403     403     404     404     302     302     302     in
room_groups_archive        GET  in      405     405     405     405     405     405     405     in
                           POST in      403     403     404     404     302     302     302     in
post                       GET  in      302     302     404     404     302     302     302     in
                           POST in      405     405     405     405     405     405     405     in
post_edit                  GET  in      200     403     404     404     403     403     403     in
                           POST in      302     403     404     404     403     403     403     in
post_delete                GET  in      200     403     404     404     200     200     200     in
                           POST in      302     403     404     404     302     302     302     in
post_restore               GET  in      405     405     405     405     405     405     405     in
                           POST in      302     403     404     404     403     403     403     in
post_react                 GET  in      200     200     404     404     200     200     200     in
                           POST in      302     302     404     404     302     302     302     in
attachment                 GET  in      200     200     404     404     200     200     200     in
                           POST in      405     405     405     405     405     405     405     in

notifications              GET  in      200     200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     405     in
notification               GET  in      302     404     404     404     404     404     404     in
                           POST in      405     405     405     405     405     405     405     in
notification_read          GET  in      405     405     405     405     405     405     405     in
                           POST in      302     302     302     302     302     302     302     in
notification_unread        GET  in      200     200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     405     in
live                       GET  in      200     200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     405     in
"""


def expected_responses():
    """Return {(URL name, method): {user: status or "in"}}."""
    table, name = {}, None
    for line in TABLE.splitlines()[2:]:
        if line.strip():
            *first, method = line[:32].split()
            name = first[0] if first else name
            table[name, method] = dict(zip(USERS, line[32:].split(), strict=True))
    return table
