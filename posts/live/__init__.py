"""Server-sent events: what other users write appears on open pages."""
