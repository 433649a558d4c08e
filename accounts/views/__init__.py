"""What this app answers, by subject."""

from accounts.views.account import account_delete, account_edit, account_export, password_change, session_list
from accounts.views.registration import landing, register, register_student, register_teacher
from accounts.views.signing_in import (
    LoginView,
    PasswordResetCompleteView,
    PasswordResetConfirmView,
    PasswordResetDoneView,
    PasswordResetView,
    StudentLoginView,
    TeacherLoginView,
    logout,
)

__all__ = [
    "LoginView",
    "PasswordResetCompleteView",
    "PasswordResetConfirmView",
    "PasswordResetDoneView",
    "PasswordResetView",
    "StudentLoginView",
    "TeacherLoginView",
    "account_delete",
    "account_edit",
    "account_export",
    "landing",
    "logout",
    "password_change",
    "register",
    "register_student",
    "register_teacher",
    "session_list",
]
