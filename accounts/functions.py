"""Database expressions that constraints are made of."""

from django.db import models


class IsASCII(models.Func):
    """True where a text holds ASCII only: each character is then one byte, in every database alike."""

    output_field = models.BooleanField()
    conditional = True
    template = "OCTET_LENGTH(%(expressions)s) = CHAR_LENGTH(%(expressions)s)"

    def __init__(self, expression):
        super().__init__(expression)

    def as_sql(self, compiler, connection, **context):
        sql, params = super().as_sql(compiler, connection, **context)
        # The template names the expression twice.
        return sql, [*params, *params]

    def as_sqlite(self, compiler, connection, **context):
        # SQLite counts the bytes of a blob and the characters of a text.
        return self.as_sql(
            compiler, connection, template="LENGTH(CAST(%(expressions)s AS BLOB)) = LENGTH(%(expressions)s)", **context
        )
