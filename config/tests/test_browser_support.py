"""Stylesheets, scripts and templates use nothing that Safari 15.6, Chrome 109 or Firefox 115 lacks.

Enhancements that change nothing else where they are missing are allowed, for example `text-wrap: balance`.
"""

import re

import pytest
from django.conf import settings

# An example of each feature, a pattern that finds it, and the first version that has it, of the browsers that lack it.
FEATURES = {
    "css": [
        ("a { @media print { top: 0 } }", "nesting", "Safari 17.2, Chrome 120, Firefox 117"),
        ("@media (width >= 56rem) {", r"@(media|container)[^{;]*[<>]", "Safari 16.4"),
        ("color: light-dark(red, blue)", r"\blight-dark\(", "Safari 17.5, Chrome 123, Firefox 120"),
        ("color: color-mix(in srgb, red, blue)", r"\bcolor-mix\(", "Safari 16.2, Chrome 111"),
        ("color: oklch(40% 0.2 60)", r"\b(color|(ok)?(lab|lch))\(", "Chrome 111"),
        ("color: rgb(from red r g b)", r"\b(rgb|hsl|hwb)a?\(from\b", "Safari 18, Chrome 122, Firefox 128"),
        (".page:has(.tabs)", r":has\(", "Firefox 121"),
        (".tip:popover-open", r":popover-open\b", "Safari 17, Chrome 114, Firefox 125"),
        ("a:dir(rtl)", r":dir\(", "Safari 16.4, Chrome 120"),
        ("input:user-invalid", r":user-(in)?valid\b", "Safari 16.5, Chrome 119"),
        ("li:nth-child(1 of .a)", r":nth-(last-)?child\([^)]*\bof\b", "Chrome 111"),
        ("details:open", r"[\w\])]:open\b", "Safari 26.5, Chrome 133, Firefox 136"),
        ("field-sizing: content", r"\bfield-sizing:", "Safari 26.2, Chrome 123, Firefox 152"),
        ("container-type: inline-size", r"@container\b|\bcontainer(-type|-name)?:", "Safari 16"),
        ("inline-size: 10cqi", r"\d(cqw|cqh|cqi|cqb|cqmin|cqmax)\b", "Safari 16"),
        ("block-size: 2lh", r"\dr?lh\b", "Safari 16.4, Firefox 120"),
        ("grid-template-rows: subgrid", r"\bsubgrid\b", "Safari 16, Chrome 117"),
        ("overflow: clip", r"\boverflow[\w-]*:\s*([a-z]+\s+)?clip\b", "Safari 16"),
        ("@starting-style {", r"@starting-style\b", "Safari 17.5, Chrome 117, Firefox 129"),
        ("@scope (.a) {", r"@scope\b", "Safari 26.4, Chrome 118, Firefox 146"),
        ("@property --a {", r"@property\b", "Safari 16.4, Firefox 128"),
        ("@function --a() {", r"@function\b|:\s*if\(", "Safari 27.3, Chrome 139, all versions of Firefox"),
        ("anchor-name: --a", r"(?<!-)\banchor(-\w+)?[:(]|position-a\w+:", "Safari 26, Chrome 125, Firefox 147"),
        ("rotate: round(1deg, 5deg)", r"\b(round|mod|rem|sign|calc-size)\(", "Chrome 125, Firefox 118"),
        ("top: calc(sin(1) * 1px)", r"\b(sin|cos|tan|atan2?|pow|sqrt|hypot|log|exp)\(", "Chrome 111"),
        ("mask-image: none", r"(?<![\w-])mask(-\w+)?:", "Chrome 120"),
        ("backdrop-filter: none", r"(?<!-)\bbackdrop-filter:", "Safari 18"),
        ("transition: top 1s linear(0, 1)", r"\blinear\(", "Safari 17.2, Chrome 113"),
    ],
    "js": [
        ("form.requestSubmit()", r"\brequestSubmit\b", "Safari 16"),
        ("fetch(url, { keepalive: true })", r"\bkeepalive\b", "Firefox 133"),
        ("tip.showPopover()", r"\b(show|hide|toggle)Popover\b", "Safari 17, Chrome 114, Firefox 125"),
        ("/(?<=a)b/", r"\(\?<[=!]", "Safari 16.4"),
        (r"/\p{L}/v.test(a)", r"/[dgimsy]*v[dgimsy]*[.,;)]", "Safari 17, Chrome 112, Firefox 116"),
        ("static { }", r"\bstatic\s*\{", "Safari 16.4"),
        ("const a = await load();", r"(?m)^((export )?(const|let) .*= )?await\b", "Safari 27, for several modules"),
        ("list.toSorted()", r"\.(toSorted|toReversed|toSpliced|with)\(", "Safari 16, Chrome 110"),
        ("Object.groupBy(list, key)", r"\b(Object|Map)\.groupBy\b", "Safari 17.4, Chrome 117, Firefox 119"),
        ("Array.fromAsync(list)", r"\bArray\.fromAsync\b", "Safari 16.4, Chrome 121"),
        ("Promise.withResolvers()", r"\bPromise\.(withResolvers|try)\b", "Safari 17.4, Chrome 119, Firefox 121"),
        ("AbortSignal.any([a, b])", r"\bAbortSignal\.any\b", "Safari 17.4, Chrome 116, Firefox 124"),
        ("AbortSignal.timeout(1000)", r"\bAbortSignal\.timeout\b", "Safari 16, Chrome 124"),
        ("URL.canParse(url)", r"\bURL\.(canParse|parse)\b", "Safari 17, Chrome 120"),
        ("new Intl.Segmenter()", r"\bIntl\.(Segmenter|DurationFormat)\b", "Firefox 125"),
        ("requestIdleCallback(run)", r"\brequestIdleCallback\b", "all versions of Safari"),
        ('on("scrollend", run)', r"\b(on)?scrollend\b", "Safari 26.2, Chrome 114"),
        ("a.union(b)", r"\.(union|intersection|(symmetricD|d)ifference)\(", "Safari 17, Chrome 122, Firefox 127"),
        ("map.keys().map(run)", r"\bIterator\b|\.(keys|values|entries)\(\)\.", "Safari 18.4, Chrome 122, Firefox 131"),
        ("text.isWellFormed()", r"\b(is|to)WellFormed\b", "Safari 16.4, Chrome 111, Firefox 119"),
        ("RegExp.escape(text)", r"\bRegExp\.escape\b", "Safari 18.2, Chrome 136, Firefox 134"),
        ("element.checkVisibility()", r"\bcheckVisibility\b", "Safari 17.4"),
        ("element.setHTMLUnsafe(html)", r"\b(set|parse)HTML(Unsafe)?\(", "Safari 26, Chrome 124, Firefox 123"),
        ("document.startViewTransition()", r"\bstartViewTransition\b", "Safari 18, Chrome 111, Firefox 144"),
        ("list.moveBefore(row, next)", r"\bmoveBefore\b", "all versions of Safari, Chrome 133, Firefox 144"),
        ("input.showPicker()", r"\bshowPicker\b", "Safari 16"),
        ("new CSSStyleSheet()", r"\bnew CSSStyleSheet\b|\badoptedStyleSheets\b", "Safari 16.4"),
        ("new CompressionStream('gzip')", r"\b(Dec|C)ompressionStream\b", "Safari 16.4"),
        ("scheduler.yield()", r"\bscheduler\.(yield|postTask)\b", "all versions of Safari, Chrome 129, Firefox 142"),
    ],
    "html": [
        ('<div popover="manual">', r"\spopover(target\w*)?[=\s>]", "Safari 17, Chrome 114, Firefox 125"),
        ('<button commandfor="a">', r"\scommand(for)?=", "Safari 26.2, Chrome 135, Firefox 144"),
        ('<details name="a">', r"<details[^>]*\sname=", "Safari 17.2, Chrome 120, Firefox 130"),
        ('<script type="importmap">', r"\bimportmap\b", "Safari 16.4"),
        ("<search>", r"</?search\b", "Safari 17, Chrome 118, Firefox 118"),
        ('<template shadowrootmode="open">', r"\bshadowrootmode\b", "Safari 16.4, Chrome 111, Firefox 123"),
        ('<dialog closedby="any">', r"\bclosedby=", "Safari 27.3, Chrome 134, Firefox 141"),
    ],
}
COMMENTS = {"css": r"/\*.*?\*/", "js": r"/\*.*?\*/|(?<![:\"'\\])//[^\n]*", "html": r"<!--.*?-->|\{#.*?#\}"}
FOLDERS = {"css": "static", "js": "static", "html": "templates"}


def offsets(text, pattern):
    """Return the offsets in `text` at which `pattern` matches, or at which a block in a style rule starts."""
    if pattern != "nesting":
        return [match.start() for match in re.finditer(pattern, text)]
    found, blocks = [], []
    for match in re.finditer(r"([^{};]*)([{};])", text):
        if match[2] == "{":
            if "rule" in blocks:
                found.append(match.start(2))
            blocks.append("at-rule" if match[1].strip().startswith("@") else "rule")
        elif match[2] == "}":
            blocks.pop()
    return found


def without_comments(text, language):
    """Replace the comments of `text` by empty lines."""
    return re.sub(COMMENTS[language], lambda match: "\n" * match[0].count("\n"), text, flags=re.DOTALL)


@pytest.mark.parametrize("language", FEATURES)
def test_browsers_that_schools_have_support_the_source(language):
    paths = sorted((settings.BASE_DIR / FOLDERS[language]).rglob(f"*.{language}"))
    problems = []
    for path in paths:
        text = without_comments(path.read_text(), language)
        for feature, pattern, browsers in FEATURES[language]:
            for offset in offsets(text, pattern):
                place = f"{path.relative_to(settings.BASE_DIR)}:{text.count(chr(10), 0, offset) + 1}"
                problems.append(f"{place}: `{feature}` requires {browsers}")

    assert paths
    assert problems == []


@pytest.mark.parametrize(("feature", "pattern"), [row[:2] for rows in FEATURES.values() for row in rows])
def test_pattern_finds_its_example(feature, pattern):
    assert len(offsets(feature, pattern)) == 1
