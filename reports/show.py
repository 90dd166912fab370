"""Show: what the toolkit sees in one article, and what a scorer reached, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora.article import Article
from corpora.errors import InputError
from corpora.ingest import read
from framing.countries import find_mentions, read_dyad
from framing.scorers import load_scorer
from framing.scoring import MEASURES, article_frame, joined, score_articles
from reports.evidence import highlighted
from reports.names import place_name
from reports.prose import WORDS, number

if TYPE_CHECKING:
    from framing.evaluation import Evaluation
from framing.fairness import Fairness

# A mean this near to 0 on a scale from -1 to +1 is called neutral; prose calls differences below it slight.
NEUTRAL = 0.05
Piece = tuple[str, dict[str, Any]]
PLAIN: dict[str, Any] = {}
BOLD: dict[str, Any] = {"bold": True}
DIM: dict[str, Any] = {"dim": True}
MARKED: dict[str, Any] = {"bold": True, "underline": True}


def show_article(path: Path, dyad: str, outlet: str = "") -> Iterator[Piece]:
    """Pieces of text with their style; together they are what `framing show` prints.

    Raises:
        InputError: The file holds no article; the reason is the one that ingest would give.
    """
    countries = read_dyad(dyad)
    corpus = read(path, outlet=outlet or "")
    article = next(corpus.articles(), None)
    if article is None and corpus.rejections and corpus.rejections[0][2].startswith("no outlet"):
        corpus = read(path, outlet="(unknown outlet)")
        article = next(corpus.articles(), None)
    if article is None:
        reason = corpus.rejections[0][2] if corpus.rejections else "it is empty"
        raise InputError(f"{path} holds no article: {reason}")
    yield from _facts(article)
    yield from _countries(article)
    _, passages, scores = score_articles([article], countries, [load_scorer(measure) for measure in MEASURES])
    scored = joined(article_frame([article]), passages, scores) if len(scores) else scores
    yield "\n", PLAIN
    if not len(passages):
        yield f"No passage about {place_name(countries[0])} or {place_name(countries[1])}", PLAIN
        yield (
            (f" (language {article.language!r}: not scored).\n" if article.language not in ("en", "") else ".\n"),
            PLAIN,
        )
        return
    for _, same in passages.sort_values(["part", "start", "end"], key=_body_last).groupby(
        ["part", "start", "end"], sort=False
    ):
        yield from _sentence(same.to_dict("records"), scored)
    yield from _summary(scored)


def _body_last(column: Any) -> Any:
    return column.map({"title": 0, "body": 1, "captions": 2}) if column.name == "part" else column


def _facts(article: Article) -> Iterator[Piece]:
    facts = {
        "outlet": article.outlet,
        "date": str(article.published) if article.published else f"undated ({article.date_source})",
        "title": article.title,
        "byline": article.byline,
        "dateline": article.dateline,
        "agency": article.agency,
        "language": article.language,
        "tags": ", ".join(article.tags),
        "captions": article.captions.replace("\n", " / "),
        "set aside": article.furniture.replace("\n", " / "),
        "words": str(len(article.body.split())),
    }
    for name, value in facts.items():
        if value:
            yield f"{name:>10}  ", DIM
            yield f"{_printable(value)}\n", BOLD if name in ("outlet", "title") else PLAIN


def _countries(article: Article) -> Iterator[Piece]:
    counts: dict[str, int] = {}
    for mention in find_mentions(f"{article.title}\n\n{article.body}", article.published):
        counts[mention.country] = counts.get(mention.country, 0) + 1
    listed = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    yield f"{'countries':>10}  ", DIM
    yield ", ".join(f"{code} {count}" for code, count in listed) or "none", PLAIN
    yield "\n", PLAIN


def _sentence(passages: Sequence[Mapping[Any, Any]], scored: Any) -> Iterator[Piece]:
    """One sentence, or window, with every mention marked, and under it what each scorer reads in it."""
    longest = max(passages, key=lambda passage: len(passage["text"]))
    spans = [span for passage in passages for span in (passage["target_span"], passage["source_span"])]
    part = "" if longest["part"] == "body" else longest["part"]
    yield f"{part:>10}  ", DIM
    for text, marked in highlighted(longest["text"], *spans):
        yield _printable(text), MARKED if marked else PLAIN
    yield "\n", PLAIN
    for passage in passages:
        readings = []
        for row in scored[scored["passage_id"] == passage["passage_id"]].to_dict("records"):
            if row["value"] == row["value"]:
                readings.append(f"{row['measure']} {number(row['value'], sign=True)} {row['label']}")
            else:
                readings.append("no interaction reported" if row["measure"] == "relation" else "abstains")
        yield f"{passage['target'] or passage['pair']:>22}  ", BOLD
        if passage["voice"] != "own":
            readings.append(_spoken(passage))
        yield f"{' · '.join(readings)}\n", DIM


def _spoken(passage: Mapping[Any, Any]) -> str:
    """Whose words a passage is in, if they are not the outlet's."""
    told = ", ".join(fact for fact in (passage["speaker_role"], passage["speaker_country"]) if fact)
    who = _printable(passage["speaker"]) or "somebody"
    return f"{'quoted' if passage['voice'] == 'direct' else 'reported'}: {who}" + (f" ({told})" if told else "")


def _summary(scored: Any) -> Iterator[Piece]:
    yield "\n", PLAIN
    body = scored[(scored["part"] == "body") & scored["value"].notna()]
    for (measure, target, pair), rows in body.groupby(["measure", "target", "pair"], sort=True):
        value = rows["value"].mean()
        word = "about neutral" if abs(value) < NEUTRAL else WORDS[str(measure)][2 if value > 0 else 3]
        count = f"{len(rows)} passage{'s' if len(rows) != 1 else ''}"
        yield f"{target or pair:>10}  ", BOLD
        yield f"{measure} {number(value, sign=True)} ({word}; mean of {count})\n", PLAIN


def evaluation_lines(result: Evaluation) -> Iterator[str]:
    """What `framing evaluate` prints: figures with intervals, F1 by label, confusion, baselines."""
    yield f"{result.task}: {result.scorer} {result.version} on {result.n:,} rows, {result.abstained} abstentions"
    columns = [("", result.figures, result.intervals)]
    columns += [(name, base["figures"], base["intervals"]) for name, base in result.baselines.items()]
    for name, figures, intervals in columns:
        yield ""
        yield f"{name or 'scorer'}"
        for figure, value in figures.items():
            if name and figure in ("accuracy_answered", "coverage"):
                continue
            low, high = intervals[figure]
            shown = "none" if value != value else f"{value:.3f}   95 % {low:.3f} to {high:.3f}"
            yield f"  {figure:<18} {shown}"
    if result.labels:
        yield ""
        heads = (
            ("rows", 6),
            ("told", 6),
            ("precision", 11),
            ("recall", 8),
            ("F1 yes", 8),
            ("F1 no", 8),
            ("balanced", 10),
        )
        yield f"{'frame':<24}" + "".join(f"{head:>{room}}" for head, room in heads)
        for label, found in result.labels.items():
            shares = [found[key] for key in ("precision", "recall", "yes_f1", "no_f1", "balanced_f1")]
            told = ["none" if share != share else f"{share:.2f}" for share in shares]
            yield f"{label:<24}{found['n']:>6.0f}{found['given']:>6.0f}" + "".join(
                f"{text:>{room}}" for text, room in zip(told, (11, 8, 8, 8, 10), strict=True)
            )
    elif result.f1:
        yield ""
        yield "F1 by label: " + ", ".join(f"{label} {value:.3f}" for label, value in result.f1.items())
    if result.confusion:
        answers = sorted({answer for row in result.confusion.values() for answer in row})
        yield ""
        yield f"{'right / answered':<18}" + "".join(f"{answer:>14}" for answer in answers)
        for label, row in result.confusion.items():
            yield f"{label:<18}" + "".join(f"{row.get(answer, 0):>14}" for answer in answers)
    if result.outlets:
        yield ""
        yield f"{'outlet':<34}{'rows':>6}{'accuracy':>10}{'macro F1':>10}"
        for outlet, row in sorted(result.outlets.items(), key=lambda item: (-item[1]["n"], item[0])):
            yield f"{_printable(outlet)[:32]:<34}{row['n']:>6}{row['accuracy']:>10.2f}{row['macro_f1']:>10.2f}"


def fairness_lines(result: Fairness) -> Iterator[str]:
    """What `framing evaluate --swap-countries` prints."""
    code, off = result.worst
    yield f"{result.measure}: {result.scorer}, {result.n} sentences, each with 40 countries in the target's place"
    for name, value in (
        ("standard deviation over countries, mean of the sentences", result.deviation),
        ("the same with the other country swapped", result.other),
        ("the same over words for one country (Russia, Moscow, the Kremlin)", result.synonyms),
        (f"largest distance of a country's mean ({code})", abs(off)),
        ("spread between the positive and the negative sentences", result.spread),
        ("share on which the scorer abstained", result.unread),
    ):
        yield f"  {name:<68} {'none' if value != value else f'{value:.3f}'}"


def _printable(text: str) -> str:
    """Text that cannot move the cursor or recolour the terminal."""
    return "".join(c if c.isprintable() or c == " " else " " for c in text)
