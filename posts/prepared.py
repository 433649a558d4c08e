"""Queries that every page asks, compiled once.

Building and compiling a query costs Django several times what SQLite takes to answer it. These few are asked on
every page of a conversation, always in the same shape.
"""

from django.db import connection


class PreparedQuery:
    """A `values_list` queryset whose SQL is compiled once a database and run with other values.

    `build` takes one keyword for each of `stand_ins` and returns the queryset; a stand-in is a value of the
    parameter's type that nothing else in the query equals. Calling it with the real values lists the rows as
    tuples, converted as Django converts them. What the values change about the SQL's text (a None, a list) does
    not belong here.
    """

    def __init__(self, build, **stand_ins):
        self.build = build
        self.stand_ins = stand_ins
        self.compiled = {}

    def __call__(self, **values):
        vendor = connection.vendor
        if vendor not in self.compiled:
            self.compiled[vendor] = self._compile()
        sql, params, places, compiler = self.compiled[vendor]
        params = list(params)
        for place, name in places:
            params[place] = values[name]
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows = cursor.fetchall()
        return [tuple(row) for row in compiler.results_iter(results=[rows])] if rows else []

    def _compile(self):
        compiler = self.build(**self.stand_ins).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        names = {value: name for name, value in self.stand_ins.items()}
        places = [(place, names[value]) for place, value in enumerate(params) if value in names]
        missing = set(self.stand_ins) - {name for _place, name in places}
        if missing:
            raise ValueError(f"the query does not use {sorted(missing)}")
        return sql, params, places, compiler
