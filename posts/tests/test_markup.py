"""What is found in a text, and how long that takes."""

import re
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.markup import MAX_MENTIONS, Segment, names_in, replace_mentions, segments

NAMES = {"sam", "kim", "ms.hale", "a-b", "x_1", "ada."}


def linked(body):
    """List what in `body` is linked: usernames and addresses."""
    return [segment.username or segment.url for segment in segments(body, NAMES) if segment.username or segment.url]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("@sam", ["sam"]),
        ("Hi @Sam and @KIM", ["Sam", "KIM"]),
        ("@sam.", ["sam"]),
        ("@sam...", ["sam"]),
        ("@ms.hale.", ["ms.hale"]),
        ("@ada.", ["ada."]),
        ("@a-b-", ["a-b"]),
        ("(@sam)", ["sam"]),
        ("@sam, @kim; @sam!", ["sam", "kim", "sam"]),
        ("\n@sam\n", ["sam"]),
        ("@sam你好", ["sam"]),
        ("“@sam”", ["sam"]),
        ("@sam@kim", ["sam"]),
        ("@@sam", []),
        ("me@sam.example", []),
        ("me.@sam", []),
        ("write to sam@kim", []),
        ("@samuel", []),
        ("@nobody", []),
        ("@sa", []),
        ("@ sam", []),
        ("@sam_", ["sam"]),
        ("@" + "s" * 21, []),
        ("@\u212aim", []),
        ("é@sam", []),
    ],
)
def test_mentions(body, found):
    assert linked(body) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("http://a.example", ["http://a.example"]),
        ("HTTPS://A.example/B?c=d&e=f#g", ["HTTPS://A.example/B?c=d&e=f#g"]),
        ("See https://a.example/x.", ["https://a.example/x"]),
        ("https://a.example/x, https://b.example!?", ["https://a.example/x", "https://b.example"]),
        ("(https://a.example/x)", ["https://a.example/x"]),
        ("https://a.example/x_(y)", ["https://a.example/x_(y)"]),
        ("(https://a.example/x_(y))", ["https://a.example/x_(y)"]),
        ("<https://a.example>", ["https://a.example"]),
        ('"https://a.example"', ["https://a.example"]),
        ("https://a.example/ü/你", ["https://a.example/ü/你"]),
        ("https://a.example/@sam", ["https://a.example/@sam"]),
        ("https://sam:x@kim.example", ["https://sam:x@kim.example"]),
        ("http://", []),
        ("http://...", []),
        ("xhttp://a.example", []),
        ("javascript:alert(1)", []),
        ("javascript://a.example/%0aalert(1)", []),
        ("data:text/html,x", []),
        ("ftp://a.example", []),
        ("//a.example", []),
        ("www.a.example", []),
        ("mailto:sam@a.example", []),
    ],
)
def test_web_addresses(body, found):
    assert linked(body) == found


def test_segments_say_what_they_are():
    assert segments("Ask @Sam. See http://a.example!", {"sam"}) == [
        Segment("Ask "),
        Segment("@Sam", username="Sam"),
        Segment(". See "),
        Segment("http://a.example", url="http://a.example"),
        Segment("!"),
    ]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("@Sam and @sam", {"sam"}),
        ("@sam.", {"sam.", "sam"}),
        ("@ada..", {"ada..", "ada.", "ada"}),
        ("me@sam.example", set()),
        ("https://a.example/@sam", set()),
        ("", set()),
    ],
)
def test_names_that_a_text_could_mean(body, names):
    assert names_in(body) == names


def test_only_the_first_ten_mentions_count():
    body = " ".join(f"@person{number} @person0" for number in range(30))

    assert names_in(body) == {f"person{number}" for number in range(MAX_MENTIONS)}


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("@sam @Sam. @samuel me@sam", "@someone @someone. @samuel me@sam"),
        ("@sam... yes", "@someone... yes"),
        ("nothing", "nothing"),
    ],
)
def test_mentions_of_one_person_are_replaced(body, after):
    assert replace_mentions(body, "SAM", "@someone") == after


# Texts of what matters to the parser, so that most of them hold something.
pieces = st.sampled_from(
    ["@", "sam", "@sam", "@kim", "@ms.hale", ".", "-", "_", "/", " ", "\n", "(", ")", "é", "http://", "https://a.ex"]
)
texts = st.one_of(st.text(), st.lists(pieces, max_size=30).map("".join))
names = st.one_of(st.just(NAMES), st.sets(st.text(min_size=1, max_size=20)))


@given(texts, names)
def test_segments_lose_and_add_nothing(body, usernames):
    found = segments(body, usernames)

    assert "".join(segment.text for segment in found) == body
    assert all(segment.text for segment in found)
    assert all(re.match(r"https?://.", segment.url, re.IGNORECASE) for segment in found if segment.url)
    assert all(segment.username.lower() in usernames for segment in found if segment.username)


@given(texts)
def test_names_could_all_be_usernames(body):
    for name in names_in(body):
        assert re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,19}", name)


@given(texts)
def test_who_is_linked_among_ten_is_named(body):
    mentioned = {segment.username.lower() for segment in segments(body, NAMES) if segment.username}

    assert len(names_in(body)) > MAX_MENTIONS or mentioned <= names_in(body)


@given(texts)
def test_replaced_mentions_are_gone(body):
    after = replace_mentions(body, "sam", "@someone")

    assert "sam" not in {segment.username.lower() for segment in segments(after, {"sam"})}
    assert after.replace("@someone", "@sam").lower() == body.replace("@someone", "@sam").lower()


GREEDY = ["@", "@a", "@aaa", "@aaa.", ".", "@sam ", "http://", "http://a ", "http://a.", "(", ")", "@-", "@@@ ", "_"]


def seconds_for(task, body):
    """Return the shortest of several times on the processor, which noise only lengthens."""
    times = []
    for _time in range(5):
        start = thread_time()
        task(body)
        times.append(thread_time() - start)
    return min(times)


@pytest.mark.parametrize("start", ["", "http://a", "@aaa"])
@pytest.mark.parametrize("unit", GREEDY)
@pytest.mark.parametrize(
    "task", [names_in, lambda body: segments(body, {"sam"}), lambda body: replace_mentions(body, "sam", "@x")]
)
def test_time_grows_as_the_text_does(task, unit, start):
    small, large = (start + unit * (length // len(unit)) for length in (4_000, 128_000))

    # 32 times the text: linear is 32 times the time, quadratic a thousand times.
    assert seconds_for(task, large) < 200 * max(seconds_for(task, small), 0.00005)


@pytest.mark.parametrize("body", ["@" * 100_000, "@sam " * 20_000, "http://a" + "." * 100_000])
def test_a_hundred_thousand_characters_take_a_moment(body):
    assert seconds_for(lambda text: (names_in(text), segments(text, {"sam"})), body) < 0.2
