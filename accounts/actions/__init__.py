"""Operations on accounts. Each runs in one transaction, including the audit log."""

from accounts.actions.passwords import change_password, request_password_reset, set_initial_password
from accounts.actions.privacy import close_account, export_data
from accounts.actions.profile import save_profile
from accounts.actions.registration import add_to_common_room, create_user, register_user
from accounts.actions.sessions import end_sessions, sign_in
from accounts.actions.throttles import lift_limits
from accounts.actions.users import approve_teachers, change_role, deactivate_users, reactivate_users, revoke_approval
