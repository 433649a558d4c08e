"""The same conversation as the tutorials of Flask write it, on the same tables, under the same server.

Small and fair: sign-in by Flask-Login, pages by Flask-SQLAlchemy's paginate, authors by its relationships, markup by
Jinja with inheritance and escaping. What this site does to keep its promises (locks, notifications, the log) is not
there.
"""

import os
import re
from datetime import UTC, datetime

from flask import Flask, abort, jsonify, redirect, render_template, request
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from markupsafe import Markup, escape

from config.server import WSGIServer
from posts.benchmark.load import telling_worker

PER_PAGE = int(os.environ.get("POSTS_PER_PAGE", "25"))

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ.get("SECRET_KEY", "peer")
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("PEER_DATABASE", "sqlite://")
db = SQLAlchemy(app)
login_manager = LoginManager(app)


class User(UserMixin, db.Model):
    __tablename__ = "accounts_user"
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(20))
    first_name = db.Column(db.String(150))
    last_name = db.Column(db.String(150))
    role = db.Column(db.String(10))
    is_active = db.Column(db.Boolean)


class Room(db.Model):
    __tablename__ = "posts_room"
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(60))
    slug = db.Column(db.String(60))


class Post(db.Model):
    __tablename__ = "posts_post"
    id = db.Column(db.Integer, primary_key=True)
    room_id = db.Column(db.ForeignKey("posts_room.id"))
    author_id = db.Column(db.ForeignKey("accounts_user.id"))
    reply_to_id = db.Column(db.ForeignKey("posts_post.id"))
    body = db.Column(db.Text)
    mentions = db.Column(db.Text, default="[]")
    created_at = db.Column(db.DateTime)
    edited_at = db.Column(db.DateTime)
    removed_at = db.Column(db.DateTime)
    revision = db.Column(db.Integer, default=0)
    author = db.relationship(User)
    reply_to = db.relationship("Post", remote_side=[id])


class Notification(db.Model):
    __tablename__ = "posts_notification"
    id = db.Column(db.Integer, primary_key=True)
    recipient_id = db.Column(db.ForeignKey("accounts_user.id"))
    read_at = db.Column(db.DateTime)


app.jinja_loader = DictLoader(
    {
        "base.html": """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{% block title %}{% endblock %}</title>
<link rel="stylesheet" href="/static/style.css"></head>
<body><header><nav><a href="/">Home</a> <a href="/rooms/">Rooms</a> <a href="/users/">People</a>
<a href="/notifications/">Notifications {% if unread %}<b>{{ unread }}</b>{% endif %}</a>
<a href="/users/{{ current_user.username }}/">{{ current_user.username }}</a></nav></header>
<main>{% block content %}{% endblock %}</main></body></html>""",
        "_post.html": """<li id="post-{{ post.id }}"{% if post.author_id == current_user.id %} class="mine"{% endif %}>
<div class="picture"><svg viewBox="0 0 40 40" width="40" height="40"><rect width="40" height="40"/>
<text x="20" y="26">{{ post.author.username[:2]|upper }}</text></svg></div>
<p class="head"><a href="/users/{{ post.author.username }}/">{% if post.author.first_name %}{{ post.author.first_name }}
{{ post.author.last_name }} {% endif %}@{{ post.author.username }}</a> <span>{{ post.author.role }}</span>
<a href="/posts/{{ post.id }}/">
<time datetime="{{ post.created_at.isoformat() }}">{{ post.created_at|clock }}</time></a>
{% if post.edited_at %}<i>edited</i>{% endif %}</p>
{% if post.removed_at %}<p><i>This post was removed.</i></p>{% else %}
{% if post.reply_to %}<a class="quote" href="/posts/{{ post.reply_to.id }}/">
<b>{{ post.reply_to.author.username }}</b>
{{ post.reply_to.body|truncate(90) }}</a>{% endif %}<p class="body">{{ post.body|links }}</p>
<p><a href="/posts/{{ post.id }}/reply/">Reply</a>{% if post.author_id == current_user.id %}
<a href="/posts/{{ post.id }}/edit/">Edit</a>
<a href="/posts/{{ post.id }}/delete/">Delete</a>{% endif %}</p>{% endif %}</li>""",
        "room.html": """{% extends "base.html" %}{% block title %}{{ room.name }}{% endblock %}
{% block content %}<h1>{{ room.name }}</h1>
<ol>{% for post in posts.items|reverse %}{% include "_post.html" %}{% endfor %}</ol>
{% if posts.has_next %}<a href="?page={{ posts.next_num }}">Older posts</a>{% endif %}
<form method="post"><textarea name="body"></textarea><button>Send</button></form>{% endblock %}""",
    }
)

_LINK = re.compile(r"(?P<url>https?://\S+)|@(?P<name>[A-Za-z0-9._-]{3,20})")


@app.template_filter()
def clock(moment):
    return moment.strftime("%H:%M")


@app.template_filter()
def links(text):
    def link(match):
        if match["url"]:
            return f'<a href="{match["url"]}" rel="nofollow">{match["url"]}</a>'
        return f'<a href="/users/{match["name"]}/">@{match["name"]}</a>'

    return Markup(_LINK.sub(link, str(escape(text))))  # noqa: S704 - escaped in the same line


@login_manager.user_loader
def load_user(user_id):
    return db.session.get(User, int(user_id))


@app.context_processor
def badge():
    return {"unread": _unread() if current_user.is_authenticated else 0}


def _unread():
    return Notification.query.filter_by(recipient_id=current_user.id, read_at=None).count()


@app.get("/enter/<int:user_id>")
def enter(user_id):
    """Sign in without a password: this is served to nobody but the command that measures it."""
    login_user(db.session.get(User, user_id))
    return "in"


@app.route("/rooms/<slug>/", methods=["GET", "POST"])
@login_required
def room(slug):
    found = Room.query.filter_by(slug=slug).first_or_404()
    if request.method == "POST":
        body = request.form.get("body", "").strip()
        if not 1 <= len(body) <= 140:
            abort(422)
        post = Post(room_id=found.id, author_id=current_user.id, body=body, created_at=datetime.now(UTC))
        db.session.add(post)
        db.session.commit()
        return redirect(f"/rooms/{slug}/")
    page = request.args.get("page", 1, type=int)
    rows = db.select(Post).filter_by(room_id=found.id).order_by(Post.id.desc())
    posts = db.paginate(rows, page=page, per_page=PER_PAGE, error_out=False)
    return render_template("room.html", room=found, posts=posts)


@app.get("/notifications/unread/")
@login_required
def unread():
    return jsonify(unread=_unread())


application = telling_worker(WSGIServer(app, int(os.environ.get("THREADS", "8"))))
