"""Views, by subject."""

from accounts.views.passwords import PasswordResetConfirmView, PasswordResetView, password_change
from accounts.views.privacy import account_delete, account_export
from accounts.views.profile import account_edit
from accounts.views.registration import landing, register, register_student, register_teacher
from accounts.views.sessions import session_list
from accounts.views.sign_in import LoginView, logout
