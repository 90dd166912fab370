"""What a web page says of itself: its metadata, in JSON-LD, in meta elements and in where it was saved from."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from corpora.dates import read_date

# Types of schema.org that are an article; "NewsArticle", "ReportageNewsArticle" and others end in the first.
ARTICLES = ("Article", "BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "Report")
# Names under which pages state the day of publication; none that an update changes, such as "sailthru.date".
PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished",
    "rnews:datepublished", "parsely-pub-date", "cxenseparse:recs:publishtime", "publish_date", "publish-date",
    "publishdate", "published_date", "publication_date", "article.published", "pubdate", "pub_date", "ptime", "pdate",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dcterms.date", "citation_publication_date",
    "bt:pubdate", "displaydate", "originalpublicationdate", "date",
)  # fmt: skip
# Names under which pages state the site; "twitter:site" is an account, "article:publisher" often an address.
SITE = ("og:site_name", "application-name", "apple-mobile-web-app-title", "publisher", "dc.publisher")
# Browsers write where a page was saved from into a comment; so does the extension SingleFile.
SAVED_FROM = re.compile(
    r"<!--[^>]{0,40}?saved (?:from url=\(\d{1,6}\)|with SingleFile\s{1,9}url:\s{0,9})(https?://[^\s>]{1,2000})"
)
ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\d{1,14}[a-z_]{0,4}/(?=https?://)")
# Sites part a page's title from their name with one of these.
PARTED = re.compile(r"\s+[|\-–—·•»:]{1,2}\s+|\s*\|\s*")
ENDS = ("com", "news", "online")
DAY = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}")
# JSON-LD of a page holds some dozen nodes; more than this is not looked at.
MOST_NODES = 2000
LONGEST_NAME = 60


def linked_data(tree: Any) -> list[dict[str, Any]]:
    """Nodes of a page's JSON-LD in their order, those inside others too; what is no JSON is passed over."""
    nodes: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "").strip().removeprefix("<!--").removesuffix("-->").removeprefix("//<![CDATA[")
        try:
            # Not strict: pages put line breaks into strings.
            waiting = deque([json.loads(text.strip().removesuffix("//]]>").rstrip("; \n"), strict=False)])
        except (ValueError, RecursionError):
            continue
        while waiting and len(nodes) < MOST_NODES:
            value = waiting.popleft()
            if isinstance(value, dict):
                nodes.append(value)
            inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
            waiting.extend(item for item in inside if isinstance(item, (dict, list)))
    return nodes


def article_node(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """The node that describes the article; a page's, where none does; else an empty one."""
    for wanted in (ARTICLES, ("WebPage",)):
        for node in nodes:
            if any(kind.endswith(wanted) for kind in texts(node.get("@type"))) and (
                "datePublished" in node or "headline" in node
            ):
                return node
    return {}


def named(value: Any, nodes: list[dict[str, Any]]) -> str:
    """Name of an organisation in JSON-LD: a text, an object, a list of them, or a reference to another node.

    >>> named({"@id": "#us"}, [{"@id": "#us", "name": "The Daily"}])
    'The Daily'
    """
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        name = value.get("name")
        if not name and (key := value.get("@id")):
            name = next((node["name"] for node in nodes if node.get("@id") == key and node.get("name")), "")
        value = name
    return next(iter(texts(value)), "")


def texts(value: Any) -> list[str]:
    """The texts of a value that is one, or a list of them.

    >>> texts(["Article", 3]), texts("Article"), texts(None)
    (['Article'], ['Article'], [])
    """
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str) and item]


def meta(tree: Any) -> dict[str, str]:
    """Contents of a page's meta elements by name in lower case; of several of a name the first."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = " ".join((element.get("content") or "").split())
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def stated_date(tree: Any, article: Mapping[str, Any], metas: Mapping[str, str], guess: str) -> str:
    """Day of publication as the page's metadata state it, with time and zone where they do; else empty.

    Args:
        tree: The page.
        article: Its article in JSON-LD.
        metas: Its meta elements.
        guess: A day found in some other way; where a `time` element holds the same, its value is the statement.
    """
    stated = [article.get("datePublished"), *(metas.get(name) for name in PUBLISHED)]
    stated += [
        element.get("datetime") for element in _times(tree) if "datePublished" in (element.get("itemprop") or "")
    ]
    stated.append(article.get("dateCreated"))
    for value in stated:
        for text in texts(value):
            if read_date(text)[0]:
                return text
    for element in _times(tree):
        text = element.get("datetime") or ""
        day = read_date(text)[0] if guess else None
        if day and day.isoformat() == guess:
            return str(text)
    return ""


def address(tree: Any, html: str, metas: Mapping[str, str], known: str = "") -> str:
    """Address of a page: where it was fetched from, else as it states it; an archive's own address is taken off."""
    canonical = next((e.get("href") for e in tree.iter("link") if (e.get("rel") or "").lower() == "canonical"), "")
    saved = SAVED_FROM.search(html[:8192])
    for url in (known, canonical, metas.get("og:url"), saved and saved[1]):
        if url and host(found := ARCHIVED.sub("", url.strip())):
            return found
    return ""


def host(url: str) -> str:
    """Host of an address without "www."; empty where it has none.

    >>> host("https://www.example.org/a"), host("/a")
    ('example.org', '')
    """
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def site_name(article: Mapping[str, Any], nodes: list[dict[str, Any]], metas: Mapping[str, str], *more: str) -> str:
    """Name of the outlet: the article's publisher in JSON-LD, the site in meta elements, then what else is given.

    The publisher goes first because some sites put a section ("U.S.") where the site's name should stand.
    """
    candidates = [named(article.get("publisher"), nodes), named(article.get("isPartOf"), nodes)]
    candidates += [metas.get(name, "") for name in SITE]
    for candidate in (*candidates, *more):
        # "Deutsche Welle (www.dw.com)"
        name = re.sub(
            r"\s*\((?:https?://)?(?:[\w-]{1,63}\.){1,5}[a-z]{2,15}/?\)$", "", " ".join(candidate[:200].split())
        )
        if name and len(name) <= LONGEST_NAME and "://" not in name and not name.startswith("@"):
            return name
    return ""


def name_in_title(tree: Any, url: str) -> str:
    """The end of a page's title where it is the name that is in the address: "Talks | The Daily" of thedaily.com."""
    title = " ".join(next((element.text or "" for element in tree.iter("title")), "")[:1000].split())
    *_, part = PARTED.split(title)
    return part if part != title and _plain(part) in _names("", url) else ""


def without_site(title: str, outlet: str, url: str) -> str:
    """A page's title without the site's name, and the date beside it, at its end.

    >>> without_site("Talks resume | DW | 19.01.2020", "DW.COM", "https://www.dw.com/en/a-52")
    'Talks resume'
    >>> without_site("Talks - a beginning", "The Daily", "https://daily.example/")
    'Talks - a beginning'
    """
    names = _names(outlet, url)
    end = len(title)
    cut = 0
    for gap in reversed(list(PARTED.finditer(title[:1000]))):
        part = title[gap.end() : end]
        end = gap.start()
        if _names_site(_plain(part), names, "|" in gap[0] and len(part.split()) <= 3):
            cut = end
        elif not (DAY.fullmatch(part) or read_date(part)[0]):
            break
    return title[:cut].strip() if cut else title


def _names(outlet: str, url: str) -> set[str]:
    """Plain forms of a site's name, from its name and its address."""
    names = {_plain(name) for name in (outlet, host(url), *host(url).split(".")[:-1]) if len(_plain(name)) > 1}
    names |= {name.removeprefix("the") for name in names if len(name) > 5}
    return names | {name.removesuffix(end) for name in names for end in ENDS if len(name) > len(end) + 1}


def _names_site(part: str, names: set[str], alone: bool) -> bool:
    """Whether the end of a title names the site; beside a bar ("| BBC News") its beginning is enough."""
    return part in names or (alone and any(len(name) > 2 and part.startswith(name) for name in names))


def _plain(name: str) -> str:
    return re.sub(r"\W", "", name.lower().removeprefix("www.").removeprefix("the ")).replace("_", "")


def _times(tree: Any) -> Iterator[Any]:
    for number, element in enumerate(tree.iter("time")):
        if number == 20:
            return
        if element.get("datetime"):
            yield element
