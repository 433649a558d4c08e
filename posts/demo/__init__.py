"""The demo school: made-up people, and what they could be saying. Used by `populate`, never by the site itself."""
