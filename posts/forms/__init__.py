from posts.forms.posts import CursorForm, DeletionForm, PostBodyField, PostEditForm, PostForm, RemovalForm
