"""The expected response to every URL: URL name × method × user.

The common room is archived. There is one other room: `teacher` owns it, `student` and `classmate` are its members, and
`student` wrote the post. Profile, popover and avatar are those of `classmate`. Hidden objects return 404, and visible
objects that the user cannot change return 403. `in` is a redirect to the sign-in page and back.
"""

USERS = ("visitor", "student", "classmate", "outsider", "pending_teacher", "teacher", "admin", "deactivated")

TABLE = """
                                visitor student classm. outsid. waiting teacher admin   deactivated

theme                      GET  405     405     405     405     405     405     405     405
                           POST 302     302     302     302     302     302     302     302
admin:index                GET  in      403     403     403     403     403     200     in
                           POST in      403     403     403     403     403     200     in

landing                    GET  200     302     302     302     302     302     302     200
                           POST 405     405     405     405     405     405     405     405
register                   GET  200     302     302     302     302     302     302     200
                           POST 405     405     405     405     405     405     405     405
register_student           GET  200     302     302     302     302     302     302     200
                           POST 302     302     302     302     302     302     302     302
register_teacher           GET  200     302     302     302     302     302     302     200
                           POST 302     302     302     302     302     302     302     302
login                      GET  200     302     302     302     302     302     302     200
                           POST 200     302     302     302     302     302     302     200
login_student              GET  200     302     302     302     302     302     302     200
                           POST 200     302     302     302     302     302     302     200
login_teacher              GET  200     302     302     302     302     302     302     200
                           POST 200     302     302     302     302     302     302     200
logout                     GET  405     405     405     405     405     405     405     405
                           POST 302     302     302     302     302     302     302     302
password_reset             GET  200     200     200     200     200     200     200     200
                           POST 302     302     302     302     302     302     302     302
password_reset_done        GET  200     200     200     200     200     200     200     200
                           POST 405     405     405     405     405     405     405     405
password_reset_confirm     GET  200     200     200     200     200     200     200     200
                           POST 200     200     200     200     200     200     200     200
password_reset_complete    GET  200     200     200     200     200     200     200     200
                           POST 405     405     405     405     405     405     405     405

account                    GET  in      200     200     200     200     200     200     in
                           POST in      302     302     302     302     302     302     in
password_change            GET  in      200     200     200     200     200     200     in
                           POST in      302     302     302     302     302     302     in
sessions                   GET  in      200     200     200     200     200     200     in
                           POST in      302     302     302     302     302     302     in
account_export             GET  in      200     200     200     200     200     200     in
                           POST in      200     200     200     200     200     200     in
account_delete             GET  in      200     200     200     200     200     200     in
                           POST in      302     302     302     302     302     302     in

home                       GET  in      302     302     302     302     302     302     in
                           POST in      405     405     405     405     405     405     in
home_student               GET  in      200     200     200     403     403     403     in
                           POST in      405     405     405     405     405     405     in
home_teacher               GET  in      403     403     403     200     200     403     in
                           POST in      405     405     405     405     405     405     in
home_administrator         GET  in      403     403     403     403     403     200     in
                           POST in      405     405     405     405     405     405     in

students                   GET  in      200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     in
teachers                   GET  in      200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     in
profile                    GET  in      200     200     404     404     200     200     in
                           POST in      405     405     405     405     405     405     in
popover                    GET  in      200     200     404     404     200     200     in
                           POST in      405     405     405     405     405     405     in
avatar                     GET  in      200     200     404     404     200     200     in
                           POST in      405     405     405     405     405     405     in

rooms                      GET  in      200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     in
room                       GET  in      200     200     404     404     200     200     in
                           POST in      302     302     404     404     302     302     in
room_updates               GET  in      200     200     404     404     200     200     in
                           POST in      405     405     405     405     405     405     in
room_read                  GET  in      405     405     405     405     405     405     in
                           POST in      302     302     404     404     302     302     in
post                       GET  in      302     302     404     404     302     302     in
                           POST in      405     405     405     405     405     405     in
post_edit                  GET  in      200     403     404     404     403     403     in
                           POST in      302     403     404     404     403     403     in
post_delete                GET  in      200     403     404     404     200     200     in
                           POST in      302     403     404     404     302     302     in

notifications              GET  in      200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     in
notification_read          GET  in      405     405     405     405     405     405     in
                           POST in      302     302     302     302     302     302     in
notification_unread        GET  in      200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     in
live                       GET  in      200     200     200     200     200     200     in
                           POST in      405     405     405     405     405     405     in
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
