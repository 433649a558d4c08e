from accounts.models.invitation import Invitation, new_code
from accounts.models.session import Session
from accounts.models.user import Role, RoleManager, Student, Teacher, User, UserManager
