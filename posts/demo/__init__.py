"""The demo school that `manage.py populate` creates. The site itself does not use it.

`school` writes to the database. The other modules build unsaved objects from a random number generator, so that a
seed gives the same school each time: `users`, `rooms`, `members` and `posts` (with `timeline`).
`names`, `texts`, `sentences` and `threads` provide the texts, and `portraits` the profile pictures.
"""
