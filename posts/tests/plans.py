"""How the database answers: plans of what was asked, in the same words for each database."""

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import prod

from django.db import connection

TABLES = {"posts_post", "posts_notification"}
KEY = "its id"  # what a table's primary key is called here; each database has a name of its own for it
FEW = 500  # rows that may be sorted: a page, or all that is said in a quiet room
# SQLite names an index that a constraint made by its number.
NAMES = {
    "sqlite_autoindex_posts_post_1": "one_post_per_author_and_token",
    "sqlite_autoindex_posts_notification_1": "one_notification_per_person_and_post",
    "posts_post_pkey": KEY,
    "posts_notification_pkey": KEY,
    "PRIMARY": KEY,
}


@dataclass
class Plan:
    """What the database does with the large tables for one statement."""

    text: str
    found_by: set = field(default_factory=set)  # names of indexes
    scans: list = field(default_factory=list)  # of a whole table or index
    sorts: list = field(default_factory=list)  # of more than a few rows
    read: int = 0  # rows of any table, by a statement that changes nothing


@contextmanager
def explain_queries():
    """Give a list that holds, at the end, a Plan for each statement that asked the large tables meanwhile."""
    asked, plans = [], []

    def listen(execute, sql, params, many, context):
        if not sql.startswith("INSERT") and any(re.search(rf'["`]{table}["`]', sql) for table in TABLES):
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield plans
    explain = {"sqlite": _sqlite, "postgresql": _postgresql, "mysql": _mysql}[connection.vendor]
    plans += [explain(sql, params) for sql, params in asked]


def _rows(sql, params=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _name(index):
    # A foreign key's index is named after its column, with a random part.
    return NAMES.get(index) or re.sub(r"_[0-9a-f]{8}(_fk_\w+)?$", "", index)


def _called(sql):
    """Return the names by which `sql` calls the large tables."""
    aliases = re.findall(rf'["`](?:{"|".join(TABLES)})["`] ([A-Z]\d+)\b', sql)
    return TABLES | {*aliases}


def _sqlite(sql, params):
    rows = _rows(f"EXPLAIN QUERY PLAN {sql}", params)
    plan = Plan("\n".join([sql, *[f"{parent:4} {id_:4} {step}" for id_, parent, _unused, step in rows]]))
    called, selects = _called(sql), set()
    for _id, parent, _unused, step in rows:
        found = re.match(r"(SEARCH|SCAN) (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
        if found and found[2] in called:
            selects.add(parent)
            plan.found_by.add(_name(found[3]) if found[3] else KEY)
            if found[1] == "SCAN":
                plan.scans.append(step)
    plan.sorts += [step for _id, parent, _unused, step in rows if step.startswith("USE TEMP") and parent in selects]
    if sql.startswith("SELECT"):
        # It counts no rows; fifty steps of its machine are about one.
        def count():
            plan.read += 1

        connection.connection.set_progress_handler(count, 50)
        try:
            _rows(sql, params)
        finally:
            connection.connection.set_progress_handler(None, 50)
    return plan


def _postgresql(sql, params):
    is_question = sql.startswith("SELECT")
    [[[explained]]] = _rows(f"EXPLAIN ({'ANALYZE, ' if is_question else ''}FORMAT JSON) {sql}", params)
    plan = Plan(f"{sql}\n{json.dumps(explained, indent=1)}")

    def visit(node):
        """Return whether rows of a large table come out of `node`."""
        parts = [(visit(part), "Subplan Name" in part) for part in node.get("Plans", [])]
        is_large = node.get("Relation Name") in TABLES or any(found for found, is_aside in parts if not is_aside)
        kind, index = node["Node Type"], node.get("Index Name")
        if kind.endswith("Scan") and is_question:
            removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
            plan.read += node["Actual Loops"] * (node["Actual Rows"] + removed)
        if kind == "Bitmap Index Scan" and re.match("(posts_)?(post|notification)_|one_(post|notification)", index):
            plan.found_by.add(_name(index))
        if node.get("Relation Name") in TABLES:
            if index:
                plan.found_by.add(_name(index))
            if kind == "Seq Scan" or (index and "Index Cond" not in node):
                plan.scans.append(f"{kind} of {node['Relation Name']} {index or ''}")
        if is_large and kind.endswith("Sort") and node["Plan Rows"] > FEW:
            plan.sorts.append(f"{kind} of {node['Plan Rows']} by {node['Sort Key']}")
        return is_large

    visit(explained["Plan"])
    return plan


def _mysql(sql, params):
    rows = _rows(f"EXPLAIN {sql}", params)
    plan = Plan("\n".join([sql, *map(str, rows)]))
    called, selects = _called(sql), {}
    for row in rows:
        select, _kind, table, access, _possible, index = row[:6]
        selects.setdefault(select, []).append(row)
        if table in called:
            if index:
                plan.found_by.update(_name(name) for name in index.split(","))
            if access in ("ALL", "index"):
                plan.scans.append(f"{access} of {table} {index or ''}")
    for joined in selects.values():
        is_sorted = re.search("filesort|temporary", " ".join(row[-1] or "" for row in joined))
        number = prod(int(row[8] or 1) for row in joined)
        if is_sorted and number > FEW and any(row[2] in called for row in joined):
            plan.sorts.append(f"{number}: {[row[-1] for row in joined]}")
    if sql.startswith("SELECT"):
        before = _read_by_mysql()
        _rows(sql, params)
        plan.read = _read_by_mysql() - before
    return plan


def _read_by_mysql():
    # What an index gave and what was left out of it there.
    rows = [
        *_rows("SHOW SESSION STATUS LIKE 'Handler_read_%'"),
        *_rows("SHOW SESSION STATUS LIKE 'Handler_icp_attempts'"),
    ]
    return sum(int(number) for _name, number in rows)
