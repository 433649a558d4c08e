from posts.forms.conversation import CursorForm
from posts.forms.posts import PostBodyField, PostEditForm, PostForm, RemovalForm

__all__ = ["CursorForm", "PostBodyField", "PostEditForm", "PostForm", "RemovalForm"]
