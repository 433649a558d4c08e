from accounts.models.file import UnusedFile
from accounts.models.invitation import Invitation, new_code
from accounts.models.job import Job
from accounts.models.outbox import QueuedEmail
from accounts.models.role import Student, Teacher
from accounts.models.session import Session
from accounts.models.throttle import Throttle
from accounts.models.user import Role, RoleManager, User, UserManager
