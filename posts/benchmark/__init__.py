"""Measurements of page costs, used by the commands `bench` and `loadtest`.

`pages` lists the pages and their targets. `fixed_page` is the page that every other page is compared with. `fill`
creates a database with many posts. `bench` measures in its own process (`measure`) and weighs a first visit
(`weight`). `loadtest` starts the real server (`server`), requests pages and writes posts (`load`, `traffic`) and opens
live streams (`clients`). Both run with `settings`: the settings of the site, plus the fixed page.
"""
