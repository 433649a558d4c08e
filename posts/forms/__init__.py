from posts.forms.class_lists import ClassListForm
from posts.forms.groups import ChosenGroupsForm, GroupsForm
from posts.forms.join import JoinForm, LeaveForm
from posts.forms.members import RequestsForm
from posts.forms.people import PeopleForm
from posts.forms.posts import CursorForm, DeletionForm, PostBodyField, PostEditForm, PostForm, RemovalForm
from posts.forms.reactions import ReactionForm
from posts.forms.rooms import FirstRoomForm, RoomCreationForm, RoomSettingsForm, RoomsForm
