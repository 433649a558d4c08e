from posts.forms.conversation import CursorForm
from posts.forms.posts import DeletionForm, PostBodyField, PostEditForm, PostForm, RemovalForm

__all__ = ["CursorForm", "DeletionForm", "PostBodyField", "PostEditForm", "PostForm", "RemovalForm"]
