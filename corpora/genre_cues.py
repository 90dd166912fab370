"""Cues of the kind of piece: what outlets print to tell their readers that something is no news report."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpora.article import Article

# Segments of addresses under which outlets keep their opinion pages. "commentisfree" is The Guardian's, "pundits-blog"
# The Hill's, "the-monitors-view" The Christian Science Monitor's, "g-file" and "corner" National Review's.
OPINION_SEGMENTS = frozenset(
    {
        "opinion", "opinions", "opinion-columnists", "op-ed", "op-eds", "oped", "opeds", "editorial", "editorials",
        "editorial-board", "column", "columns", "columnist", "columnists", "commentary", "commentaries", "letters",
        "letters-to-the-editor", "political-commentary", "viewpoint", "viewpoints", "guest-column", "guest-columns",
        "commentisfree", "pundits-blog", "the-monitors-view", "g-file", "corner",
    }
)  # fmt: skip
SEGMENTS = {
    "interview": frozenset({"interview", "interviews", "q-and-a", "q-a"}),
    "transcript": frozenset({"transcript", "transcripts", "rush-transcript", "rush-transcripts"}),
    "live": frozenset({"live", "live-news", "live-blog", "liveblog", "live-updates", "livewire-live"}),
    "release": frozenset(
        {"press-release", "press-releases", "pressreleases", "news-releases", "statements-releases", "news-release"}
    ),
}
OPINION_WORD = r"(?:opp?ini?on|op-?ed|editorial|commentary|comment|column|viewpoint|perspective)s?"
SECTION = re.compile(
    rf"(?:{OPINION_WORD}|editorial desk|op-?ed(?: page)?|letters?(?: to the editor)?|leaders?|leading articles?|"
    rf"columnists?|comment (?:&|and) (?:analysis|debate)|opinion (?:&|and) (?:editorial|analysis|comment))",
    re.IGNORECASE,
)
OUTLET = re.compile(r"\b(?:opinions?|editorials?|op-?ed|guest writer|guest column(?:ist)?)\b", re.IGNORECASE)
RELEASE_WIRES = frozenset(
    {"pr newswire", "prnewswire", "business wire", "businesswire", "globenewswire", "globe newswire", "accesswire"}
)
TITLE = {
    "live": re.compile(
        r"\blive (?:blog|updates?|coverage)\b|\bas it happened\b|(?: [–—-]|[|:]) ?live$|^live(?: blog)?:",
        re.IGNORECASE,
    ),
    "transcript": re.compile(
        r"^(?:full |rush |complete )?transcript ?[:|]|^(?:full|read the full) (?:transcript|text)\b|"
        r"(?: [–—-]|[|:]) ?transcript$|^in full ?[:|]|"
        r"^(?:read|here(?:['’]s| is)):? .{3,80}\b(?:opening statement|full statement|prepared remarks|speech|"
        r"testimony|inaugural address|statement)$",
        re.IGNORECASE,
    ),
    "interview": re.compile(
        r"^(?:exclusive )?(?:interview|q ?(?:&|and) ?a) ?[:|]|(?: [–—-]|[|:]) ?(?:interview|q ?& ?a)$", re.IGNORECASE
    ),
    "opinion": re.compile(
        rf"^(?:analysis/)?(?:guest )?{OPINION_WORD} ?[:|]|^letters(?: to the editor)? ?[:|]|^letter to the editor\b|"
        rf"^(?:our|opposing|another) view ?[:|]|^.{{1,50}}\bcolumn ?:|"
        rf"(?: [–—-]|\|) ?(?:{OPINION_WORD}|letters)$|\(op-?ed\)$",
        re.IGNORECASE,
    ),
}  # fmt: skip
RELEASE_TITLE = re.compile(
    r"^(?:press|media|news) release\b|^readout (?:of|from)\b|^(?:joint )?statement (?:by|from|of|on behalf of)\b",
    re.IGNORECASE,
)
# The author's name in capitals before a column's title ("FIELDS: The improbable god").
CAPITALS = re.compile(r"([A-Z][A-Z.'’ -]{2,40}): ")
BYLINE = re.compile(
    r"\bcolumnists?\b|\bop-?ed\b|\beditorial board\b|\bopinion (?:contributor|columnist|writer|editor)s?\b|"
    r"\bguest (?:writer|columnist|contributor)\b|^(?:opinion|perspective|commentary) by\b",
    re.IGNORECASE,
)
# A line of its own at the head.
HEAD_LINE = re.compile(
    rf"(?:analysis/)?{OPINION_WORD}(?: (?:contributor|columnist|by .{{3,60}}))?:?|"
    r"guest (?:columnist|contributor|writer)|(?:the )?editorial board|columnist|contributing columnist",
    re.IGNORECASE,
)
RELEASE_LINE = re.compile(
    r"for immediate release\b|(?:the white house )?office of the press secretary\b|press release$|"
    r".{0,80}(?:/PRNewswire/|\(business wire\)|\(globe newswire\))",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"\b(?:views|opinions)\b[^.\n]{0,80}?\b(?:are|is|belong|do(?:es)? not|represent)\b[^.\n]{0,60}?"
    r"\b(?:own|authors?|writers?|columnists?|solely|alone|necessarily)\b",
    re.IGNORECASE,
)
# What is printed under opinion alone: how to send in one's own, and the syndicates that sell columns. Plain strings,
# in small letters: a search for each is faster than one pattern with all.
UNDER_OPINION = (
    "diverse opinions", "board of contributors", "submit a letter", "submit an op-ed", "submit a column",
    "king features syndicate", "creators.com", "creators syndicate", "washington post writers group",
    "tribune content agency", "tribune media services", "andrews mcmeel", "more opinion at", "this op-ed was",
    "this op-ed is", "this column was", "this column first", "this column originally", "this commentary was",
)  # fmt: skip
RUSH = re.compile(r"\b(?:rush transcript|transcript has been automatically generated)\b", re.IGNORECASE)
NOTE = re.compile(
    r"(?i:editor['’]s note:? |about the author:? )?[—–*•-]* ?(?:[Tt]he (?:writer|author)s? |"
    r"((?!(?:The|A|An|In|On|At|One|This|That|These|It|He|She|And|But) )(?:[A-Z][\w.'’-]*,? ){2,6}))"
    r"(?:(?!who\b).{0,80}?, )?(?:is|serves|served|teaches|writes|hosts) "
)
AUTHORS = re.compile(
    r"(?:editor['’]s note:? )?[—–*•-]* ?the (?:writer|author)s? (?:is|are|was|teaches|serves)\b", re.IGNORECASE
)
COLUMNIST = re.compile(
    r"\b(?:columnist|commentator|contributor|contributing (?:editor|writer|opinion)|op-?ed|opinion)\b", re.IGNORECASE
)
OUTSIDER = re.compile(
    r"\b(?:fellow|professor|lecturer|scholar|author of|former(?:ly)?|director|president of|attorney|lawyer|host|"
    r"analyst|strategist|historian|founder|co-?founder|the editor of|senator|represents|committees?|novelist|"
    r"consultant|emeritus|executive|served|teaches|researcher|adviser|advisor|ambassador)\b",
    re.IGNORECASE,
)
STAFF = re.compile(
    r"\b(?:reporter|correspondent|bureau chief|staff writer|producer|covers|"
    r"politics editor|news editor|digital|editorial)\b",
    re.IGNORECASE,
)
LONGEST_NOTE = 600
EDGE_HEAD, EDGE_TAIL = 4, 8


def url_parts(url: str) -> tuple[str, list[str]]:
    """Host and path segments of an address, in small letters; no query.

    >>> url_parts("https://www.daily.example/story/Opinion/2017/talks?x=1")
    ('www.daily.example', ['story', 'opinion', '2017', 'talks'])
    """
    rest = url[:500].lower().partition("://")[2] or url[:500].lower()
    host, *segments = rest.partition("?")[0].partition("#")[0].split("/")
    return host, [segment for segment in segments if segment]


def label_of(article: Article, kind: str) -> str:
    """Cue by which address, title, section or tag call an article a kind other than opinion; empty if none do."""
    _, segments = url_parts(article.url)
    for segment in segments:
        if segment in SEGMENTS.get(kind, ()):
            return f"url: /{segment}/"
    pattern = TITLE.get(kind)
    match = pattern.search(article.title[:300].strip()) if pattern else None
    return f'title: "{match[0].strip()[:60]}"' if match else ""


def opinion_label(article: Article, paragraphs: Sequence[str]) -> str:
    """Cue by which an article is called opinion, in the order url, section, outlet, title, byline, text; empty if none.

    >>> opinion_label(Article("a1", outlet="The Daily", url="https://daily.example/opinion/2017/talks"), [])
    'url: /opinion/'
    >>> opinion_label(Article("a1", outlet="The Daily", title="Opinion poll: talks are popular"), [])
    ''
    """
    host, segments = url_parts(article.url)
    if host.startswith(("opinion.", "opinions.", "commentary.")):
        return f"url: {host}"
    # The last segment is the article's own name.
    for segment in segments[:-1]:
        if segment in OPINION_SEGMENTS:
            return f"url: /{segment}/"
    for part in article.section[:300].split(";"):
        if SECTION.fullmatch(part.strip()):
            return f"section: {part.strip()}"
    for tag in article.tags:
        if SECTION.fullmatch(tag.strip()):
            return f"tag: {tag.strip()}"
    for outlet in (article.outlet_as_read, article.outlet):
        if OUTLET.search(outlet[:200]):
            return f"outlet: {outlet[:80]}"
    return _title_label(article) or _byline_label(article) or _text_label(article, paragraphs)


def _title_label(article: Article) -> str:
    title = article.title[:300].strip()
    if match := TITLE["opinion"].search(title):
        return f'title: "{match[0].strip()[:60]}"'
    named = CAPITALS.match(title)
    if named and named[1].split()[-1] in article.byline.upper().replace(",", " ").split():
        return f'title: "{named[1]}:", its author'
    return ""


def _byline_label(article: Article) -> str:
    match = BYLINE.search(article.byline[:300])
    return f'byline: "{match[0]}"' if match else ""


def _text_label(article: Article, paragraphs: Sequence[str]) -> str:
    head, tail = paragraphs[:EDGE_HEAD], paragraphs[max(EDGE_HEAD, len(paragraphs) - EDGE_TAIL) :]
    for line in head:
        if len(line) <= 80 and HEAD_LINE.fullmatch(line):
            return f'text: "{line}"'
    for line in [*head, *tail, *article.furniture[-2000:].split("\n")]:
        if len(line) <= LONGEST_NOTE and (cue := _disclaimer(line)):
            return f'text: "{cue[:80]}"'
    for line in [*paragraphs[:2], *paragraphs[max(2, len(paragraphs) - 5) :]]:
        if len(line) <= LONGEST_NOTE and (note := author_note(line, article)):
            return f'text: "{note}"'
    return ""


def _disclaimer(line: str) -> str:
    low = line.lower()
    match = DISCLAIMER.search(low) if "views" in low or "opinions" in low else None
    return match[0] if match else next((cue for cue in UNDER_OPINION if cue in low), "")


SENTENCE_END = re.compile(r"(?<![A-Z])[.!?]\s")


def author_note(line: str, article: Article) -> str:
    """What a line says about the author of an article, if it is a note on somebody who is no reporter; else empty.

    >>> article = Article("a1", outlet="The Daily", byline="Jane Roe", body="The talks will fail.")
    >>> author_note("Jane Roe is a professor of history at Hill College.", article)
    'Jane Roe is a professor'
    >>> author_note("Jane Roe is a reporter for The Daily.", article)
    ''
    """
    match = NOTE.match(line)
    if not match or STAFF.search(line):
        return ""
    # What a later sentence says is news of somebody, and no note.
    end = SENTENCE_END.search(line, match.end())
    stop = end.start() if end else len(line)
    role = COLUMNIST.search(line, match.end(), stop) or OUTSIDER.search(line, match.end() - 8, stop)
    if AUTHORS.match(line):
        return line[: role.end() if role else 40][:80]
    if not role or not match[1] or not match[1][0].isupper():
        return ""
    surname = match[1].replace(",", " ").split()[-1].rstrip(".")
    # Whoever is spoken of in a report is named in it more than once; an author is named at its edge alone.
    if surname in article.byline or article.body.count(surname) == line.count(surname):
        return line[: role.end()][:80]
    return ""
