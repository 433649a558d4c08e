"""Server: how requests reach Django. uvicorn, with an HTTP protocol of our own and a thread pool for pages.

`sockets` opens the socket, `protocol` reads requests from its connections, `clients` finds the address of the client,
and `pages` passes requests to Django in the thread pool. `config.asgi` routes live streams to `posts.live`, which runs
in the event loop. `manage.py serve` starts several processes that share the socket, and `runserver` starts one.
`processes` ends them if their parent is killed.
"""
