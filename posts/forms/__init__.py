from posts.forms.posts import CursorForm, DeletionForm, PostBodyField, PostEditForm, PostForm, RemovalForm

__all__ = ["CursorForm", "DeletionForm", "PostBodyField", "PostEditForm", "PostForm", "RemovalForm"]
