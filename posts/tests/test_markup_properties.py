"""Properties of the parser for any text, and its running time."""

import re
import string
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.markup import find_mentions, parse, possible_usernames, replace_mentions, resolve

# Mostly texts with characters that are significant to the parser.
pieces = st.sampled_from(
    ["@", "sam", "@sam", "@kim", "@ms.hale", ".", "-", "_", "/", " ", "\n", "(", ")", "é", "http://", "https://a.ex"]
)
texts = st.one_of(st.text(), st.lists(pieces, max_size=30).map("".join))
usernames = st.one_of(st.just({"sam", "kim", "ms.hale", "a-b", "ada."}), st.sets(st.text(min_size=1, max_size=20)))


@given(texts, usernames)
def test_segments_contain_the_whole_text(body, usernames):
    for segments in (parse(body), resolve(parse(body), usernames)):
        assert "".join(segment.text for segment in segments) == body
        assert all(segment.text for segment in segments)
        assert all(re.match(r"https?://\S", segment.url, re.IGNORECASE) for segment in segments if segment.url)
        assert all(segment.username.lower() in usernames for segment in segments if segment.username)


@pytest.mark.parametrize("character", [*string.printable, *"é你»“。…🙂"], ids=ascii)
def test_mention_follows_any_character_outside_addresses(character):
    is_part_of_address = character in string.ascii_letters + string.digits + "_-+@"

    assert find_mentions(parse(f"x{character}@sam"), {"sam": 5}) == ({} if is_part_of_address else {"sam": 5})


@given(st.characters(categories=["Pe", "Pf"]))
def test_closing_mark_without_partner_ends_a_url(mark):
    assert [segment.url for segment in parse(f"https://a.example/x{mark}y")] == ["https://a.example/x", ""]


@given(texts, usernames)
def test_resolved_segments_have_no_candidates(body, usernames):
    assert all(segment.candidates == () for segment in resolve(parse(body), usernames))


@given(texts)
def test_possible_usernames_are_valid(body):
    for username in possible_usernames(parse(body)):
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,19}", username)


@given(texts, usernames)
def test_mentions_are_possible_usernames(body, usernames):
    segments = parse(body)

    assert find_mentions(segments, dict.fromkeys(usernames, 5)).keys() <= possible_usernames(segments)


@given(texts)
def test_replaced_mentions_are_gone(body):
    replaced = replace_mentions(body, "sam", "@someone")

    assert "sam" not in find_mentions(parse(replaced), {"sam": 5})
    assert replaced.replace("@someone", "@sam").lower() == body.replace("@someone", "@sam").lower()


REPEATED = ["@", "@a", "@aaa", "@aaa.", ".", "@sam ", "(", ")", "@-", "@@@ ", "_", "“", "http://a“"]
REPEATED += ["http://", "http://-", "http://a ", "http://a.", "http://a@", "http://a)", "http://a。"]
REPEATED += ["http://a..b", "http://a@a:x", "_http://", "([", "(])", "a@:", "http://[:", "é."]


def render(body):
    return resolve(parse(body), {"sam"})


def replace(body):
    return replace_mentions(body, "sam", "@x")


def seconds_for(function, body, limit=0):
    """Return the shortest CPU time of three runs, or that of the first run that takes less than `limit`."""
    times = []
    while len(times) < 3:
        start = thread_time()
        function(body)
        times.append(thread_time() - start)
        if times[-1] < limit:
            break
    return min(times)


@pytest.mark.guarantee("parsing")
@pytest.mark.parametrize("start", ["", "http://a", "@aaa"])
@pytest.mark.parametrize("unit", REPEATED)
@pytest.mark.parametrize("function", [render, replace])
def test_time_is_linear(function, unit, start):
    small, large = (start + unit * (length // len(unit)) for length in (2_000, 32_000))

    # The text is 16 times as long. Quadratic time would be 256 times as long.
    limit = 100 * max(seconds_for(function, small), 0.00005)
    assert seconds_for(function, large, limit) < limit


@pytest.mark.parametrize(
    ("body", "seconds"),
    [("@" * 100_000, 0.05), ("@sam " * 10_000, 0.5), ("http://a" + "." * 100_000, 0.2)],
)
def test_long_text_is_parsed_in_time(body, seconds):
    assert seconds_for(lambda text: (possible_usernames(parse(text)), render(text)), body, seconds) < seconds
