"""The bundled corpus holds its rules: its articles, its key, its gold, and that nobody learned from it."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from corpora import Corpus, InputError, load_bundled
from corpora.bundled import bundled_folder
from corpora.bundled.truth import read_truth
from corpora.outlets import read_outlets
from corpora.votes import votes
from framing.codebook import load_codebook
from framing.countries import find_mentions
from framing.gold import LABELS
from framing.passages import passages
from reports.study_file import read_study

ROOT = Path(__file__).parent.parent
NAME = "us-russia"
FOLDER = bundled_folder(NAME)
ROWS = [json.loads(line) for line in (FOLDER / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
CORPUS, TRUTH = load_bundled(NAME, truth=True)
ARTICLES = {article.article_id: article for article in CORPUS.articles()}
PLAN = {row["article_id"]: row for row in TRUTH.articles.to_dict("records")}
# By the ids of the file, so that an article that was changed fails by its rule and not by its hash alone.
BY_ID = {row["id"]: row for row in PLAN.values()}
READ = [(row, article, BY_ID[row["id"]]) for row, article in zip(ROWS, ARTICLES.values(), strict=True)]
FIELDS = ["id", "outlet", "published", "title", "byline", "dateline", "body", "url", "language", "notice"]
MARKER = "[Invented outlet; written by a language model for media-framing.]"
NOTICE = (
    "Written by a language model for the media-framing toolkit; "
    "the outlet, its reporters and quoted experts are invented."
)
CREDIT = "Mittel Press Service contributed to this report."
MITTEL = "Mittel Press Service"
WORD = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*\+?")
SENTENCE = re.compile(r"[.!?]['”’)]?\s+(?=[“‘A-Z])")
COUNTS = {"Mittel Press Service": 37, "Potomac Ledger": 36, "Rodnik News Agency": 35, "Prairie Courier": 33,
          "Al Marsa": 31, "Varvarka Business Daily": 31}  # fmt: skip


def words(text):
    return WORD.findall(text)


def runs(text, size):
    low = [word.lower() for word in words(text)]
    return {tuple(low[n : n + size]) for n in range(len(low) - size + 1)}


def own(body):
    """A body without marker and credit."""
    return "\n\n".join(part for part in body.split("\n\n") if part not in (MARKER, CREDIT))


def half(day):
    return f"{day.year}-H{1 + (day.month > 6)}"


def wrong(check):
    """Ids of the articles of which a check does not hold."""
    return [row["id"] for row, _, plan in READ if not check(row, plan)]


# --- Articles ---


def test_every_article_has_the_fields_notice_and_marker_and_nothing_that_tells_its_story():
    assert wrong(lambda row, _: list(row) == FIELDS) == []
    assert wrong(lambda row, _: (row["url"], row["language"], row["notice"]) == (None, "en", NOTICE)) == []
    assert wrong(lambda row, _: row["body"].endswith(f"\n\n{MARKER}") and row["body"].count(MARKER) == 1) == []
    assert not re.search(r'"(event|story)"|\be\d\d\b', (FOLDER / "articles.jsonl").read_text(encoding="utf-8"))


def test_articles_are_sorted_and_their_ids_and_texts_are_their_own():
    order = [(row["published"], row["outlet"]) for row in ROWS]
    assert sorted(order) == order
    assert len({row["id"] for row in ROWS}) == len(ROWS) == len(ARTICLES) == 203
    assert len({row["title"] for row in ROWS}) == 203


def test_the_corpus_reads_every_article_as_it_stands():
    assert CORPUS.rejections == ()
    # A line of credit is furniture to the toolkit: it is read as a mark and not as text.
    assert [a.body for _, a, _ in READ] == [row["body"].replace(f"{CREDIT}\n\n", "") for row in ROWS]
    assert {(a.language, a.notice) for a in ARTICLES.values()} == {("en", NOTICE)}


def test_outlets_have_the_counts_that_the_datasheet_says():
    assert CORPUS.outlets() == COUNTS
    sheet = (FOLDER / "DATASHEET.md").read_text(encoding="utf-8")
    assert all(re.search(rf"\| {name} \|.*\| {count} \|", sheet) for name, count in COUNTS.items())


def test_each_outlet_has_what_the_study_needs_in_each_half_year():
    study = read_study(FOLDER / "study.toml")
    told = defaultdict(list)
    for _, article, plan in READ:
        if not plan["wire_share"] >= 0.5:
            told[article.outlet, half(article.published)].append(plan["event"])
    assert len(told) == 6 * 4
    assert min(map(len, told.values())) >= study.minimum_articles
    assert min(len(set(events)) for events in told.values()) >= study.minimum_stories


def test_lengths_and_paragraphs_are_those_of_the_outlet():
    def fits(row, plan):
        size, (low, high) = len(own(row["body"]).split()), TRUTH.outlets[row["outlet"]]["length"]["paragraphs"]
        planned = plan["wire_share"] == 1 or (
            0.88 * plan["words"] <= size <= 1.12 * plan["words"] and low <= len(own(row["body"]).split("\n\n")) <= high
        )
        return 120 <= size <= 280 and planned

    assert wrong(fits) == []


def test_paragraphs_are_whole_and_quotation_marks_curly():
    parts = [part for row in ROWS for part in row["body"].split("\n\n")]
    assert [part for part in parts if not part.strip() or part != part.strip() or "\n" in part] == []
    assert wrong(lambda row, _: not re.search(r'"|(?<!\w)\'(?=\w)', row["title"] + row["body"])) == []


def test_both_countries_are_named_three_times_and_stand_together_in_three_places():
    def named(row, _):
        day, body = dt.date.fromisoformat(row["published"]), own(row["body"])
        counts = Counter(mention.country for mention in find_mentions(body, day))
        together = 0
        for part in body.split("\n\n"):
            found = [{m.country for m in find_mentions(one, day)} for one in SENTENCE.split(part)]
            pairs = zip(found, [*found[1:], set()], strict=True)
            together += sum({"USA", "RUS"} <= one | other for one, other in pairs)
        return counts["USA"] >= 3 and counts["RUS"] >= 3 and together >= 3

    assert wrong(named) == []


def test_no_two_articles_share_six_words_unless_names_facts_or_wire_copy():
    bodies = {plan["article_id"]: f"{row['title']} . {own(row['body'])}" for row, _, plan in READ}
    source = {name: PLAN[name]["wire_of"] or name for name in bodies}
    facts = {name: runs(" . ".join(f["text"] for f in event["facts"]), 6) for name, event in TRUTH.events.items()}
    cased, at = defaultdict(set), defaultdict(set)
    for name, text in bodies.items():
        for word in words(text):
            cased[word.lower()].add(word)
        for run in runs(text, 6):
            at[run].add(name)
    shared = []
    for run, names in at.items():
        solid = sum(all(word[:1].isupper() or word[:1].isdigit() for word in cased[one]) for one in run)
        known = any(run in facts[PLAN[name]["event"]] for name in names)
        if len({source[name] for name in names}) > 1 and solid < 4 and not known:
            shared.append(" ".join(run))
    assert shared == []


def test_articles_open_in_their_own_words():
    copied = {row["id"] for row, _, plan in READ if plan["wire_share"] == 1}
    opened = Counter(tuple(words(row["body"])[:4]) for row in ROWS if row["id"] not in copied)
    # A name is no words of one's own.
    alike = [one for one, times in opened.items() if times > 1 and not all(word[0].isupper() for word in one)]
    assert alike == []


def test_no_outlet_writes_what_it_never_writes():
    def clean(row, plan):
        phrases = [
            p for p in TRUTH.outlets[row["outlet"]]["never"] if not re.search(r"\(|without|^adjectives|^the Krem", p)
        ]
        text = f"{row['title']} {row['body']}"
        return plan["wire_share"] > 0 or not any(
            re.search(rf"(?<!\w){re.escape(p)}(?!\w)", text, re.IGNORECASE) for p in phrases
        )

    assert wrong(clean) == []


def test_no_real_person_speaks_in_quotation_marks():
    name = re.compile(r"\b([A-Z][a-zà-ž]+(?:[ -](?:al-|de |von )?[A-Z][\w’'-]+)+)")
    spoken = []
    for row, article, plan in READ:
        facts, outlet = TRUTH.events[plan["event"]]["facts"], TRUTH.outlets[row["outlet"]]
        real = {one.split()[-1] for one in name.findall(" ".join(fact["text"] for fact in facts))}
        invented = {word for text in outlet["voices"]["names"] for one in name.findall(text) for word in one.split()}
        for part in own(row["body"]).split("\n\n") if plan["wire_share"] != 1 else []:
            for sentence in SENTENCE.split(part):
                unquoted = re.sub(r"“[^”]*”", "", sentence)
                named = any(re.search(rf"\b{re.escape(one)}\b", unquoted) for one in real)
                named |= any(one.kind == "leader" for one in find_mentions(unquoted, article.published))
                if "“" in sentence and named and not any(one in part for one in invented):
                    spoken.append(sentence)
    assert spoken == []


# --- Events and plan ---


def test_events_are_dated_spread_and_each_checked_fact_has_a_source():
    dates = [event["date"] for event in TRUTH.events.values()]
    assert dates == sorted(dates)
    assert len(dates) == 44
    assert min(Counter(map(half, dates)).values()) >= 9
    assert set(map(half, dates)) == {"2017-H1", "2017-H2", "2018-H1", "2018-H2"}
    for name, event in TRUTH.events.items():
        checked = [fact for fact in event["facts"] if "checked" in fact]
        assert 6 <= len(checked) <= 12, name
        assert all(key.startswith("real:") or key in event["sources"] for fact in checked for key in fact["checked"]), (
            name
        )


def test_articles_are_dated_nought_to_two_days_after_their_event_and_use_facts_that_were_known():
    for row, article, plan in READ:
        event = TRUTH.events[plan["event"]]
        assert row["id"] == plan["id"]
        assert article.published == plan["date"].date()
        assert (article.published - event["date"]).days == plan["delay"] in (0, 1, 2), row["id"]
        used = [event["facts"][int(number) - 1] for number in str(plan["facts_use"]).split()]
        assert used or plan["wire_share"] == 1, row["id"]
        assert all(fact["day"] <= plan["delay"] and "checked" in fact for fact in used), row["id"]


@pytest.mark.parametrize("outlet", sorted(COUNTS))
def test_an_outlet_tells_each_event_but_those_that_it_skips(outlet):
    mine = [plan for plan in PLAN.values() if plan["outlet"] == outlet]
    told = [plan["event"] for plan in mine if not plan["second_article"]]
    assert {plan["event"] for plan in mine} == set(told)
    skipped = TRUTH.outlets[outlet]["skips"]["events"]
    assert sorted([*told, *skipped]) == sorted(TRUTH.events)
    assert 0.2 <= len(skipped) / 44 <= 0.4


def test_rodnik_skips_all_that_embarrasses_moscow():
    embarrassing = {name for name, event in TRUTH.events.items() if "RUS" in event["embarrasses"]}
    assert embarrassing <= set(TRUTH.outlets["Rodnik News Agency"]["skips"]["events"])


def test_changes_of_line_are_in_the_plan_and_in_what_was_coded():
    for outlet, day, stance, up in (("Prairie Courier", "2018-01-01", "rus", 1), ("Al Marsa", "2017-10-01", "usa", -1)):
        own_text = TRUTH.articles[(TRUTH.articles["outlet"] == outlet) & ~(TRUTH.articles["wire_share"] >= 0.5)]
        for column in (f"planned_stance_{stance}", f"coded_stance_{stance}"):
            levels = own_text.groupby(own_text["date"] >= day)[column].mean()
            assert up * (levels[True] - levels[False]) > 1.5, (outlet, column)


def test_the_plan_is_a_csv_file_that_names_articles_of_the_corpus():
    with (FOLDER / "key" / "plan.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["article_id"] for row in rows] == list(ARTICLES)
    assert {row["wire_of"] for row in rows} - {""} <= set(ARTICLES)


# --- Wire copy ---


def test_wire_copy_shares_what_was_planned_with_its_source():
    copies = [plan for plan in PLAN.values() if plan["wire_of"]]
    assert Counter(plan["wire_share"] for plan in copies) == {1.0: 8, 0.6: 3, 0.35: 3}
    for plan in copies:
        source = PLAN[plan["wire_of"]]
        assert (source["outlet"], source["event"]) == (MITTEL, plan["event"])
        assert source["date"] <= plan["date"]
        mine, theirs = (runs(own(ARTICLES[name].body), 5) for name in (plan["article_id"], plan["wire_of"]))
        assert len(mine & theirs) / len(mine) == pytest.approx(
            plan["wire_share"], abs=0.02 if plan["wire_share"] == 1 else 0.12
        ), plan["id"]


def test_the_marks_find_wire_copy_with_its_origin_and_no_other():
    marks = CORPUS.marks().to_pandas().query("kind == 'wire'").set_index("article_id")
    planted = {name: plan for name, plan in PLAN.items() if plan["wire_of"]}
    assert set(marks.index) <= set(planted)
    assert {plan["id"] for name, plan in planted.items() if name not in marks.index} == {"2018-06-27-rodnik"}
    assert all(marks["origin_id"] == [planted[name]["wire_of"] for name in marks.index])
    assert set(marks["value"]) == {MITTEL}
    cast = votes(CORPUS)["vote"]
    assert set(cast[cast != "own"].index) == {name for name, plan in planted.items() if plan["wire_share"] >= 0.5}


def test_without_its_table_of_outlets_the_corpus_would_not_know_its_agency():
    bare = Corpus(_held=CORPUS._held)
    assert CORPUS.manifest["agencies"][MITTEL] == MITTEL
    assert CORPUS.manifest["agencies"]["Al Marsa"] == ""
    assert len(bare.marks().to_pandas().query("kind == 'wire' and share < 0.4")) == 0


def test_the_table_of_outlets_says_what_the_key_says():
    table = read_outlets(FOLDER / "outlets.toml").outlets
    said = {outlet.name: (outlet.country, outlet.kind, outlet.agency) for outlet in table}
    assert said == {name: (one["country"], one["kind"], one["agency"]) for name, one in TRUTH.outlets.items()}


# --- Gold ---


@pytest.mark.parametrize("coded", ["passages", "second"])
def test_coded_passages_stand_where_the_key_says_and_have_allowed_labels(coded):
    frames = {frame.name for frame in load_codebook("bilateral").frames}
    for row in getattr(TRUTH, coded).to_dict("records"):
        text = ARTICLES[row["article_id"]].text(row["part"])[row["start"] : row["end"]]
        assert hashlib.sha256(text.encode()).hexdigest() == row["passage_sha256"], row["unit"]
        assert row["voice"] in ("own", "direct", "indirect")
        assert bool(row["speaker"]) == (row["voice"] != "own"), row["unit"]
        if row["pair"]:
            assert (row["pair"], row["target"]) == ("RUS-USA", "")
            assert pd.isna(row["sentiment"])
            assert row["relation"] in LABELS["relation"]
            assert {row["RUS>USA"], row["USA>RUS"]} <= set(LABELS["attitude"])
            assert set(row["frames"]) <= frames
        else:
            assert row["target"] in ("RUS", "USA")
            assert row["sentiment"] in LABELS["sentiment"]
            assert pd.isna([row["relation"], row["frames"], row["RUS>USA"], row["USA>RUS"]]).all()


def test_coded_passages_are_passages_of_the_toolkit():
    made = {
        (name, p.part, p.start, p.end, p.target, p.pair)
        for name, article in ARTICLES.items()
        for p in passages(article, ("RUS", "USA"))
    }
    place = ["article_id", "part", "start", "end", "target", "pair"]
    assert set(TRUTH.passages[place].itertuples(index=False, name=None)) <= made


def test_every_article_is_coded_and_a_part_of_them_twice():
    assert len(TRUTH.passages) == 1226
    assert TRUTH.passages["unit"].is_unique
    assert set(TRUTH.passages["article_id"]) <= set(ARTICLES)
    assert TRUTH.articles["coded_relation"].notna().all()
    assert len(TRUTH.second) == 300
    both = TRUTH.second.merge(
        TRUTH.passages, on=["unit", "article_id", "start", "end", "target", "pair", "passage_sha256"]
    )
    assert len(both) == 300
    assert set(TRUTH.second["article_id"]) == set(TRUTH.articles.dropna(subset=["second_relation"])["article_id"])
    for name in ("stance_usa", "stance_rus", "relation"):
        assert set(TRUTH.articles[f"coded_{name}"]) | set(TRUTH.articles[f"second_{name}"].dropna()) <= {
            -2,
            -1,
            0,
            1,
            2,
        }


@pytest.mark.parametrize(
    ("name", "least", "near"), [("stance_usa", 0.85, 0.99), ("stance_rus", 0.93, 1), ("relation", 0.84, 0.95)]
)
def test_what_was_coded_is_what_was_planned_within_a_step(name, least, near):
    planned, coded = TRUTH.articles[f"planned_{name}"], TRUTH.articles[f"coded_{name}"]
    assert np.corrcoef(planned, coded)[0, 1] >= least
    assert ((planned - coded).abs() <= 1).mean() >= near
    assert (planned - coded).abs().max() <= 2


# --- The key, and what stays apart from it ---


def test_the_truth_is_asked_for_and_a_corpus_without_a_key_has_none():
    assert isinstance(load_bundled(NAME), Corpus)
    assert len(load_bundled(NAME)) == 203
    with pytest.raises(InputError, match="bundled corpus 'twelve-days' has no key"):
        read_truth(ROOT / "tests" / "twelve-days")


def test_the_study_declares_the_planted_lines_and_says_that_it_is_a_demonstration():
    study = read_study(FOLDER / "study.toml")
    assert (study.period, study.minimum_articles, study.minimum_stories) == ("half", 6, 5)
    assert "language model" in study.banner
    assert len(study.primary) == 8
    assert {one.outlet for one in study.primary} | {name for pair in study.pairs for name in pair} <= set(COUNTS)
    days = {event.date for event in study.events}
    assert days <= {event["date"] for event in TRUTH.events.values()}


def test_nobody_learned_from_this_corpus():
    held = {
        "framing/training": "*.jsonl",
        "tests/gold": "*",
        "framing/data/codebooks": "*.toml",
        "framing/data/coding": "*.md",
        "tests/twelve-days": "*.jsonl",
    }
    places = [path for folder, which in held.items() for path in (ROOT / folder).glob(which)]
    assert len(places) > 40
    there = set()
    for path in places:
        there |= runs(path.read_text(encoding="utf-8").replace("\\n", " "), 8)
    notice = runs(f"{MARKER} {NOTICE}", 8)
    copied = []
    for row in ROWS:
        for sentence in [row["title"], *SENTENCE.split(own(row["body"]).replace("\n\n", " "))]:
            told = runs(sentence, 8) - notice
            if told and told <= there:
                copied.append(sentence)
    assert copied == []
    ids, shas = set(ARTICLES), set(TRUTH.passages["passage_sha256"])
    coded = " ".join(path.read_text(encoding="utf-8") for path in places)
    assert not {found for found in re.findall(r"\b[0-9a-f]{24}\b|\b[0-9a-f]{64}\b", coded)} & (ids | shas)
