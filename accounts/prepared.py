"""Statements that every page or every post needs, compiled once.

Building and compiling a query costs Django several times what SQLite takes to answer it. These few are run on every
page, or with every post, always in the same shape.
"""

from uuid import UUID

from django.db import connection
from django.db.models.sql import InsertQuery, UpdateQuery

KEPT_ROWS = 8192


class Prepared:
    """A queryset whose SQL is compiled once a database and run with other values.

    `build` takes one keyword for each of `stand_ins` and returns the queryset; a stand-in is a value of the
    parameter's type that nothing else in the query equals. What the values change about the SQL's text (a None, a
    list) does not belong here. MySQL and MariaDB are told to use `index`: left to choose, they use as much of it as an
    equation fixes, and read every row from there on.
    """

    def __init__(self, build, index=None, **stand_ins):
        self.build = build
        self.index = index
        self.stand_ins = stand_ins
        self.compiled = {}

    def execute(self, cursor, values):
        """Run the statement with `values` in place of the stand-ins; return what makes Django's values of its rows."""
        if connection.vendor not in self.compiled:
            self.compiled[connection.vendor] = self._compile()
        sql, params, places, convert = self.compiled[connection.vendor]
        params = list(params)
        for place, name in places:
            params[place] = _adapt(values[name])
        cursor.execute(sql, params)
        return convert

    def _compiler(self):
        return self.build(**self.stand_ins).query.get_compiler(connection=connection)

    def _compile(self):
        compiler = self._compiler()
        sql, params = compiler.as_sql()
        if self.index and connection.vendor == "mysql":
            table = f" FROM `{compiler.query.model._meta.db_table}`"
            sql = sql.replace(table, f"{table} FORCE INDEX (`{self.index}`)", 1)
        names = {_adapt(value): name for name, value in self.stand_ins.items()}
        places = [(place, names[value]) for place, value in enumerate(params) if value in names]
        missing = set(self.stand_ins) - {name for _place, name in places}
        if missing:
            raise ValueError(f"the query does not use {sorted(missing)}")
        converters = compiler.get_converters([column for column, *_ in compiler.select or ()])
        return sql, params, places, lambda rows: compiler.apply_converters(rows, converters)


class PreparedQuery(Prepared):
    """A `values_list` queryset, prepared. Calling it lists the rows as tuples, converted as Django converts them.

    With `make`, each row becomes `make(row)`, and a row that came before just as it is now becomes the same object
    again: for rows that are asked for again and again, and results that nobody changes.
    """

    def __init__(self, build, make=None, index=None, **stand_ins):
        super().__init__(build, index, **stand_ins)
        self.make = make
        self.made = {}

    def __call__(self, **values):
        with connection.cursor() as cursor:
            convert = self.execute(cursor, values)
            rows = cursor.fetchall()
        if self.make is None:
            return [tuple(row) for row in convert(rows)]
        kept = self.made.setdefault(connection.vendor, {})
        made = [kept.get(row) for row in rows]
        new = [place for place, found in enumerate(made) if found is None]
        for place, converted in zip(new, convert([rows[place] for place in new]), strict=True):
            if len(kept) >= KEPT_ROWS:
                kept.clear()
            made[place] = kept[rows[place]] = self.make(converted)
        return made


class PreparedGet(PreparedQuery):
    """The one row of `model` that has the given values, prepared. Calling it returns an instance, or None.

    With `is_kept`, a row that came before just as it is now is not converted again: for models without lists in them.
    """

    def __init__(self, model, is_kept=False, **stand_ins):
        self.model = model
        self.fields = [field.attname for field in model._meta.concrete_fields]
        super().__init__(
            lambda **values: model._default_manager.filter(**values).values_list(*self.fields),
            make=tuple if is_kept else None,
            **stand_ins,
        )

    def __call__(self, **values):
        rows = super().__call__(**values)
        return self.model.from_db(connection.alias, self.fields, rows[0]) if rows else None


class PreparedUpdate(Prepared):
    """A queryset and the `changes` to its rows ({field: value or expression}), prepared.

    A value may be a stand-in too. Calling it returns how many rows there were.
    """

    def __init__(self, build, changes, **stand_ins):
        super().__init__(build, None, **stand_ins)
        self.changes = changes

    def __call__(self, **values):
        with connection.cursor() as cursor:
            self.execute(cursor, values)
            return cursor.rowcount

    def _compiler(self):
        query = self.build(**self.stand_ins).query.chain(UpdateQuery)
        query.add_update_values(self.changes)
        return query.get_compiler(connection=connection)


class PreparedInsert:
    """`save(force_insert=True)` of one model, prepared: it writes the row and sets its id, and sends no signal.

    For models whose rows the database numbers, and whose columns it fills in no other way.
    """

    def __init__(self, model):
        self.model = model
        self.fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        self.compiled = {}

    def __call__(self, row):
        if connection.vendor not in self.compiled:
            self.compiled[connection.vendor] = self._compile(row)
        sql, returning = self.compiled[connection.vendor]
        values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in self.fields]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            if connection.features.can_return_columns_from_insert:
                (row.pk,) = connection.ops.fetch_returned_insert_columns(cursor, returning)
            else:
                table, key = self.model._meta.db_table, self.model._meta.pk.column
                row.pk = connection.ops.last_insert_id(cursor, table, key)
        row._state.adding, row._state.db = False, connection.alias

    def _compile(self, row):
        query = InsertQuery(self.model)
        query.insert_values(self.fields, [row])
        compiler = query.get_compiler(connection=connection)
        compiler.returning_fields = [self.model._meta.pk]
        [(sql, _values)] = compiler.as_sql()
        return sql, getattr(compiler, "returning_params", ())


def _adapt(value):
    """Return `value` as a parameter of this database's statements."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    return value
