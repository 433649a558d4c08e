"""Operations on accounts. Each runs in one transaction, including the audit log."""

from accounts.actions.passwords import change_password
from accounts.actions.privacy import close_account, export_data
from accounts.actions.profile import save_profile
from accounts.actions.registration import add_to_common_room, create_user, register
from accounts.actions.sessions import end_sessions, sign_in
from accounts.actions.users import approve, change_role, deactivate, reactivate, revoke_approval

__all__ = [
    "add_to_common_room",
    "approve",
    "change_password",
    "change_role",
    "close_account",
    "create_user",
    "deactivate",
    "end_sessions",
    "export_data",
    "reactivate",
    "register",
    "revoke_approval",
    "save_profile",
    "sign_in",
]
