"""Query plans, in the same form for each database."""

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import prod

from django.db import connection

TABLES = {"posts_post", "posts_notification"}
PRIMARY_KEY = "primary key"  # each database has a different name for its index
MAX_SORTED_ROWS = 500  # a page, or all posts of a quiet room
PAGE = 1000  # rows that a page may read: it shows 51 posts, the posts that they reply to and their authors
# SQLite numbers the indexes of constraints.
NAMES = {
    "sqlite_autoindex_posts_post_1": "one_post_per_author_and_token",
    "sqlite_autoindex_posts_notification_1": "one_notification_per_person_and_post",
    "posts_post_pkey": PRIMARY_KEY,
    "posts_notification_pkey": PRIMARY_KEY,
    "PRIMARY": PRIMARY_KEY,
}


@dataclass
class Plan:
    """The use of the large tables by one statement."""

    text: str
    indexes: set = field(default_factory=set)
    scans: list = field(default_factory=list)  # of a whole table or index
    sorts: list = field(default_factory=list)  # of more than MAX_SORTED_ROWS
    rows_read: int = 0  # from any table, by a SELECT


@contextmanager
def explain_queries():
    """Yield a list. When the block ends, it contains a Plan for each statement in it that uses the large tables."""
    statements, plans = [], []

    def record(execute, sql, params, many, context):
        if not sql.startswith("INSERT") and any(re.search(rf'["`]{table}["`]', sql) for table in TABLES):
            statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record):
        yield plans
    explain = {"sqlite": _sqlite, "postgresql": _postgresql, "mysql": _mysql}[connection.vendor]
    plans += [explain(sql, params) for sql, params in statements]


def uses_indexes(plans, *indexes, max_rows=PAGE):
    """Return whether `plans` use all of `indexes`, read at most `max_rows` and neither scan nor sort a large table."""
    for plan in plans:
        assert plan.scans == [], plan.text
        assert plan.sorts == [], plan.text
        assert plan.rows_read <= max_rows, plan.text
    used = set().union(*[plan.indexes for plan in plans])
    assert used >= {*indexes}, "\n".join(plan.text for plan in plans)
    return True


def _rows(sql, params=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _name(index):
    # The name of a foreign key's index is its column and a hash.
    return NAMES.get(index) or re.sub(r"_[0-9a-f]{8}(_fk_\w+)?$", "", index)


def _aliases(sql):
    """Return the names and aliases of the large tables in `sql`."""
    aliases = re.findall(rf'["`](?:{"|".join(TABLES)})["`] ([A-Z]\d+)\b', sql)
    return TABLES | {*aliases}


def _sqlite(sql, params):
    rows = _rows(f"EXPLAIN QUERY PLAN {sql}", params)
    plan = Plan("\n".join([sql, *[f"{parent:4} {id_:4} {step}" for id_, parent, _unused, step in rows]]))
    names, selects = _aliases(sql), set()
    for _id, parent, _unused, step in rows:
        found = re.match(r"(SEARCH|SCAN) (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
        if found and found[2] in names:
            selects.add(parent)
            plan.indexes.add(_name(found[3]) if found[3] else PRIMARY_KEY)
            if found[1] == "SCAN":
                plan.scans.append(step)
    plan.sorts += [step for _id, parent, _unused, step in rows if step.startswith("USE TEMP") and parent in selects]
    if sql.startswith("SELECT"):
        # SQLite does not count rows. A row takes about fifty instructions of its virtual machine.
        def count():
            plan.rows_read += 1

        connection.connection.set_progress_handler(count, 50)
        try:
            _rows(sql, params)
        finally:
            connection.connection.set_progress_handler(None, 50)
    return plan


def _postgresql(sql, params):
    is_select = sql.startswith("SELECT")
    [[[explained]]] = _rows(f"EXPLAIN ({'ANALYZE, ' if is_select else ''}FORMAT JSON) {sql}", params)
    plan = Plan(f"{sql}\n{json.dumps(explained, indent=1)}")

    def visit(node):
        """Return whether `node` outputs rows of a large table."""
        parts = [(visit(part), "Subplan Name" in part) for part in node.get("Plans", [])]
        is_large = node.get("Relation Name") in TABLES or any(found for found, is_subplan in parts if not is_subplan)
        kind, index = node["Node Type"], node.get("Index Name")
        if kind.endswith("Scan") and is_select:
            removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
            plan.rows_read += node["Actual Loops"] * (node["Actual Rows"] + removed)
        if kind == "Bitmap Index Scan" and re.match("(posts_)?(post|notification)_|one_(post|notification)", index):
            plan.indexes.add(_name(index))
        if node.get("Relation Name") in TABLES:
            if index:
                plan.indexes.add(_name(index))
            if kind == "Seq Scan" or (index and "Index Cond" not in node):
                plan.scans.append(f"{kind} of {node['Relation Name']} {index or ''}")
        if is_large and kind.endswith("Sort") and node["Plan Rows"] > MAX_SORTED_ROWS:
            plan.sorts.append(f"{kind} of {node['Plan Rows']} by {node['Sort Key']}")
        return is_large

    visit(explained["Plan"])
    return plan


def _mysql(sql, params):
    rows = _rows(f"EXPLAIN {sql}", params)
    plan = Plan("\n".join([sql, *map(str, rows)]))
    names, selects = _aliases(sql), {}
    for row in rows:
        select, _kind, table, access, _possible, index = row[:6]
        selects.setdefault(select, []).append(row)
        if table in names:
            if index:
                plan.indexes.update(_name(name) for name in index.split(","))
            if access in ("ALL", "index"):
                plan.scans.append(f"{access} of {table} {index or ''}")
    for joined in selects.values():
        is_sorted = re.search("filesort|temporary", " ".join(row[-1] or "" for row in joined))
        # A filter adds its share: 10 (3%).
        number = prod(int(str(row[8] or 1).split()[0]) for row in joined)
        if is_sorted and number > MAX_SORTED_ROWS and any(row[2] in names for row in joined):
            plan.sorts.append(f"{number}: {[row[-1] for row in joined]}")
    if sql.startswith("SELECT"):
        before = _count_mysql_reads()
        _rows(sql, params)
        plan.rows_read = _count_mysql_reads() - before
    return plan


def _count_mysql_reads():
    # Rows read from an index, and rows that the index condition removed.
    rows = [
        *_rows("SHOW SESSION STATUS LIKE 'Handler_read_%'"),
        *_rows("SHOW SESSION STATUS LIKE 'Handler_icp_attempts'"),
    ]
    return sum(int(number) for _name, number in rows)
