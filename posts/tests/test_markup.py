"""Mentions and web addresses in the text of a post."""

import pytest

from posts import markup
from posts.markup import Segment, find_mentions, parse, possible_usernames, replace_mentions, resolve

# "ms.hale." and "ada." are usernames from before new ones had to end in a letter or digit.
USERNAMES = {"sam", "kim", "ms.hale", "ms.hale.", "ms.hale._-", "a-b", "x_1", "ada."}


def linked(body):
    """Return the usernames and URLs that are links in `body`."""
    segments = resolve(parse(body), USERNAMES)
    return [segment.username or segment.url for segment in segments if segment.username or segment.url]


@pytest.mark.parametrize(
    ("body", "usernames"),
    [
        ("@sam", ["sam"]),
        ("Hi @Sam and @KIM", ["Sam", "KIM"]),
        ("@sam.", ["sam"]),
        ("@sam...", ["sam"]),
        ("@ms.hale.", ["ms.hale"]),
        ("@ms.hale._-", ["ms.hale"]),
        ("@ada.", ["ada."]),
        ("@a-b-", ["a-b"]),
        ("(@sam)", ["sam"]),
        ("@sam, @kim; @sam!", ["sam", "kim", "sam"]),
        ("\n@sam\n", ["sam"]),
        ("@sam你好", ["sam"]),
        ("“@sam”", ["sam"]),
        ("cc/@sam", ["sam"]),
        ("Thanks.@sam", ["sam"]),
        ("Thanks…@sam,@kim", ["sam", "kim"]),
        ("谢谢@sam", ["sam"]),
        ("@sam.@kim", ["sam", "kim"]),
        ("https://a.example/x」@sam", ["https://a.example/x", "sam"]),
        ("@sam@school.example", []),
        ("@sam-x@school.example", []),
        ("@ms.hale@school.example", []),
        ("@sam@kim", []),
        ("@@sam", []),
        ("me@sam.example", []),
        ("me_@sam me-@sam me+@sam", []),
        ("write to sam@kim", []),
        ("@samuel", []),
        ("@nobody", []),
        ("@sa", []),
        ("@ sam", []),
        ("@sam_", ["sam"]),
        ("@" + "s" * 21, []),
        ("@\u212aim", []),
        ("josé@sam.example", []),
    ],
)
def test_mentions(body, usernames):
    assert linked(body) == usernames


@pytest.mark.parametrize(
    ("body", "urls"),
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
        ("“https://a.example/x”", ["https://a.example/x"]),
        ("“https://a.example/x”, she wrote", ["https://a.example/x"]),
        ("[https://a.example/x]", ["https://a.example/x"]),
        ("[x](https://a.example/x)y", ["https://a.example/x"]),
        ("{https://a.example/x_[y]}", ["https://a.example/x_[y]"]),
        ("«https://a.example/x»", ["https://a.example/x"]),
        ("„https://a.example/x“", ["https://a.example/x"]),
        ("»https://a.example/x«.", ["https://a.example/x"]),
        ("‘https://a.example/x’", ["https://a.example/x"]),
        ("「https://a.example/x」です", ["https://a.example/x"]),
        ("【https://a.example/x（y）】", ["https://a.example/x（y）"]),
        ("https://a.example/x。次", ["https://a.example/x"]),
        ("https://a.example/x？！", ["https://a.example/x"]),
        ("https://a.example/x؟ https://b.example/y۔", ["https://a.example/x", "https://b.example/y"]),
        ("https://a.example/x। https://b.example/y—", ["https://a.example/x", "https://b.example/y"]),
        ("https://a.example/(“", ["https://a.example/"]),
        ("https://a.example/ジョン・レノン", ["https://a.example/ジョン・レノン"]),
        ("https://a.example/x-", ["https://a.example/x-"]),
        ("http://[::1]:8000/x", ["http://[::1]:8000/x"]),
        ("https://例え.example", ["https://例え.example"]),
        ("请看https://x.example/a", ["https://x.example/a"]),
        ("_https://x.example/c_", ["https://x.example/c"]),
        ("éhttps://x.example/a", ["https://x.example/a"]),
        ("(„https://x.example/f“)", ["https://x.example/f"]),
        ("(»https://x.example/l«)", ["https://x.example/l"]),
        ("‚https://x.example/a‘)", ["https://x.example/a"]),
        ("[https://x.example/(e]", ["https://x.example/(e"]),
        ("(https://x.example/[e)]", ["https://x.example/[e"]),
        ("(https://x.example/a[（{b}）])", ["https://x.example/a[（{b}）]"]),
        ("https://x.example/a〈b》", ["https://x.example/a〈b"]),
        ("https://x.example/a “https://x.example/b„”", ["https://x.example/a", "https://x.example/b"]),
        ("http://münchen.example http://例え.jp/x", ["http://münchen.example", "http://例え.jp/x"]),
        ("http://हिन्दी.example http://a_b.example.", ["http://हिन्दी.example", "http://a_b.example"]),
        ("http://192.0.2.1:80/x http://localhost:8000/", ["http://192.0.2.1:80/x", "http://localhost:8000/"]),
        ("http://a.example./x http://a.example:/x", ["http://a.example./x", "http://a.example:/x"]),
        (
            "http://x.example:65535?y http://[::ffff:192.0.2.1]#y",
            ["http://x.example:65535?y", "http://[::ffff:192.0.2.1]#y"],
        ),
        ("http://½ http://² http://a½.example http://a!b.example http://a\u0301.", ["http://a\u0301"]),
        ("http://[....] http://[:] http://[::1]x http://[::1 http://a[::1] http://[1.2.3.4] http://[]", []),
        ("http://a..b http://a.-b http://.a http://a../x http://1.2.3 http://300.1.1.1 http://1.2.3.4.5", []),
        ("http://x:99999 http://x:65536/ http://x.example:port http://x:1:2 http://x:١ http://x:80x", []),
        ("http://a..b/@sam", []),
        ("http://", []),
        ("http://- http://-a.example http://_ http://:80 http:///x http://?x http://#x http://@ http://a@-", []),
        ("http://[x] http://” http://。 http://你", ["http://你"]),
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
def test_urls(body, urls):
    assert linked(body) == urls


@pytest.mark.parametrize(
    "mark", [*'`´“”„‟‘’‚‛«»‹›❝❞❛❜＜＞＂＇｀|<>"', "\u200b", "\u2060", "\u00ad", "\ufeff", "\u202e"], ids=ascii
)
def test_quotation_mark_or_invisible_character_ends_a_url(mark):
    assert linked(f"{mark}https://x.example/a{mark})") == ["https://x.example/a"]
    assert linked(f"https://x.example/a{mark}b") == ["https://x.example/a"]


def test_segments():
    segments = parse("Ask @Sam. See http://a.example!")

    assert segments == [
        Segment("Ask "),
        Segment("@Sam.", candidates=("Sam", "Sam.")),
        Segment(" See "),
        Segment("http://a.example", url="http://a.example"),
        Segment("!"),
    ]
    assert resolve(segments, {"sam"})[1:3] == [Segment("@Sam", username="Sam"), Segment(".")]
    assert resolve(segments, {"sam", "sam."})[1] == Segment("@Sam", username="Sam")
    assert resolve(segments, {"sam."})[1] == Segment("@Sam.", username="Sam.")
    assert resolve(segments, set())[1] == Segment("@Sam.")


@pytest.mark.parametrize(
    ("body", "usernames"),
    [
        ("@Sam and @sam", {"sam"}),
        ("@sam.", {"sam.", "sam"}),
        ("@ada..", {"ada..", "ada.", "ada"}),
        ("me@sam.example", set()),
        ("https://a.example/@sam", set()),
        ("", set()),
    ],
)
def test_possible_usernames(body, usernames):
    assert possible_usernames(parse(body)) == usernames


@pytest.mark.guarantee("parsing")
def test_only_the_first_ten_mentions_count():
    segments = parse(" ".join(f"@person{number} @person0" for number in range(30)))

    first_ten = {f"person{number}" for number in range(markup.MAX_MENTIONS)}
    assert possible_usernames(segments) == first_ten
    users = {f"person{number}": number for number in range(30)}
    assert find_mentions(segments, users) == {name: users[name] for name in first_ten}
    assert [segment.username for segment in resolve(segments, first_ten)].count("person0") == 31


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("@sam @Sam. @samuel me@sam", "@someone @someone. @samuel me@sam"),
        ("@sam... yes", "@someone... yes"),
        ("nothing", "nothing"),
    ],
)
def test_replace_mentions(body, expected):
    assert replace_mentions(body, "SAM", "@someone") == expected


@pytest.mark.parametrize(
    ("username", "taken", "expected"),
    [("sam", {"sam."}, "@x."), ("sam.", {"sam"}, "@sam."), ("sam.", set(), "@x"), ("sam", {"kim"}, "@x.")],
)
def test_replace_mentions_follows_the_rule_for_punctuation(username, taken, expected):
    assert replace_mentions("@sam.", username, "@x", taken) == expected
