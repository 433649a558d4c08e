"""The reactions of a demo school."""

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random

from posts.demo.rooms import DemoRoom
from posts.models import Emoji, Post, Reaction

SHARE = 0.2  # of the posts
WEIGHTS = {Emoji.THUMBS_UP: 8, Emoji.HEART: 4, Emoji.LAUGHING: 3, Emoji.PARTY: 2}


def build_reactions(post: Post, room: DemoRoom, rng: Random, until: datetime) -> list[Reaction]:
    """Return unsaved reactions to an unsaved `post`, at most until the time `until`, and set `post.reactions`."""
    if post.removed_at is not None or rng.random() > SHARE:
        return []
    others = [user for user in [*room.students, *room.teachers] if user.pk != post.author_id]
    popular = rng.choices([*WEIGHTS], [*WEIGHTS.values()], k=2)
    reactions = []
    for user in rng.sample(others, min(len(others), 1 + int(rng.expovariate(0.5)))):
        created_at = min(post.created_at + timedelta(seconds=rng.uniform(5, 3600)), until)
        reactions.append(Reaction(post=post, user=user, emoji=rng.choice(popular), created_at=created_at))
    users = defaultdict(list)
    for reaction in reactions:
        users[reaction.emoji].append(reaction.user_id)
    post.reactions = users
    return reactions
