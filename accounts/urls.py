"""URLs of registration, sign-in and account pages."""

from django.contrib.auth.views import PasswordResetCompleteView, PasswordResetDoneView
from django.urls import path

from accounts import views
from accounts.models import Role

urlpatterns = [
    path("", views.landing, name="landing"),
    path("register/", views.register, name="register"),
    path("register/student/", views.register_student, name="register_student"),
    path("register/teacher/", views.register_teacher, name="register_teacher"),
    path("login/", views.LoginView.as_view(), name="login"),
    path("login/student/", views.LoginView.as_view(role=Role.STUDENT), name="login_student"),
    path("login/teacher/", views.LoginView.as_view(role=Role.TEACHER), name="login_teacher"),
    path("logout/", views.logout, name="logout"),
    path("account/", views.account_edit, name="account"),
    path("account/password/", views.password_change, name="password_change"),
    path("account/sessions/", views.session_list, name="sessions"),
    path("account/export/", views.account_export, name="account_export"),
    path("account/delete/", views.account_delete, name="account_delete"),
    path("password-reset/", views.PasswordResetView.as_view(), name="password_reset"),
    path("password-reset/sent/", PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("password-reset/done/", PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("password-reset/<uidb64>/<token>/", views.PasswordResetConfirmView.as_view(), name="password_reset_confirm"),
]
