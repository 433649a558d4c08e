"""Measurements of page costs, used by the commands `bench` and `loadtest`.

`pages` lists the pages and their targets. `fixed_page` is the page with which all others are compared. `fill` creates
a database with many posts.

Both commands run again in a process that uses a scratch database (`scratch`) and `settings`: the settings of the site,
plus the fixed page. `bench` measures in that process (`measure`). `loadtest` starts the real server (`server`),
requests pages and writes posts (`traffic`), opens live streams (`streams`) and sends read marks (`viewers`), with the
HTTP clients in `clients`.
"""
