"""Database functions for constraints."""

from django.db import models


class IsASCII(models.Func):
    """Whether a text contains only ASCII characters: it then has as many bytes as characters."""

    output_field = models.BooleanField()
    conditional = True
    template = "OCTET_LENGTH(%(expressions)s) = CHAR_LENGTH(%(expressions)s)"

    def __init__(self, expression):
        super().__init__(expression)

    def as_sql(self, compiler, connection, **context):
        sql, params = super().as_sql(compiler, connection, **context)
        # The template contains the expression twice.
        return sql, [*params, *params]

    def as_sqlite(self, compiler, connection, **context):
        # In SQLite, LENGTH returns the bytes of a BLOB and the characters of a text.
        return self.as_sql(
            compiler, connection, template="LENGTH(CAST(%(expressions)s AS BLOB)) = LENGTH(%(expressions)s)", **context
        )
