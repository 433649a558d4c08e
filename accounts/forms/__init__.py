"""Forms, by subject. They validate; `accounts.actions` writes."""

from accounts.forms.passwords import PasswordChangeForm, PasswordResetForm, SetPasswordForm
from accounts.forms.privacy import CloseAccountForm
from accounts.forms.profile import ProfileForm
from accounts.forms.registration import StudentRegistrationForm, TeacherRegistrationForm
from accounts.forms.search import SearchForm
from accounts.forms.sign_in import LoginForm
