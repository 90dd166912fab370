"""Function words of English, by what they do in a clause: what a reader of attributions knows instead of a grammar.

Closed classes as in Quirk, R. and others (1985), A Comprehensive Grammar of the English Language; and a few open ones
that only matter beside a cue.
"""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a list written as a text."""
    return frozenset(text.split())


_AUXILIARIES = (
    "has have had will would did does do can could may might must should shall is are was were am been being be"
)
AUXILIARIES = frozenset(f"{_AUXILIARIES} 've 'd 'll 's not n't never won't can't cannot".split()) | frozenset(
    f"{word}n't"
    for word in (
        "has",
        "have",
        "had",
        "did",
        "does",
        "do",
        "could",
        "would",
        "should",
        "is",
        "are",
        "was",
        "were",
        "must",
    )
)
BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "am", "'s", "'re"])
ADVERBS = word_set("""
also again already always ever once then now still even just later since soon twice often sometimes too yet
first only earlier afterwards afterward instead rather further nevertheless meanwhile long thus therefore simply
all both themselves himself herself itself largely back
""")
# Words in -ly that are none.
NO_ADVERBS = word_set("""
family july italy reply only ally rally bully monopoly assembly supply fly emily kelly daily weekly monthly
friendly early elderly
""")
TIMES = word_set("""
monday tuesday wednesday thursday friday saturday sunday today yesterday tonight tomorrow mondays week month
year night morning afternoon evening january february march april june july august september october november
december jan. feb. aug. sept. oct. nov. dec. weekend summer spring fall winter mon. tue. tues. wed. thu. thur.
thurs. fri. sat. sun. hours
""")
BEFORE_TIMES = frozenset(["on", "last", "this", "next", "earlier", "late", "early", "in", "of", "past", "the", "that"])
PREPOSITIONS = word_set("""
of for in at from with to on by about into against over under between among through during within after before
since without near across around outside inside like as than per via behind amid toward towards upon
""")
# Those that may stand within a subject: "the head of the committee", "officials in Moscow".
INNER_PREPOSITIONS = word_set("""
of for in at from with on by about against over between among within near behind inside
""")
# Whom one is "to" somebody: "the ambassador to Russia", "an adviser to the president".
OFFICES_TO = word_set("""
ambassador ambassadors envoy envoys adviser advisers advisor advisors aide aides counselor emissary counsel
""")
SUBORDINATORS = word_set("""
that if because when while although though whereas whether unless until once where why how what who whom which
whose after before since as so than
""")
CONJUNCTIONS = frozenset(["and", "or", "but", "nor", "yet"])
DETERMINERS = word_set("""
the a an this that these those his her its their our my your some any no every each another both all several
many few most other such one two three four five six seven eight nine ten more certain various
""")
# Determiners that may also stand for somebody, before a verb: "both suggested", "most want".
QUANTIFIERS = word_set("""
one two three four five six seven eight nine ten both all several many few some most others
""")
PRONOUNS = word_set("""
he she they it we i you who one others many some most everyone everybody someone somebody nobody anyone both
neither none these those
""")
QUOTATION_MARKS = frozenset("\"“”„«»‘’'‹›「」")
PAUSES = frozenset(",;:—–…()[]{}") | frozenset('"“”„«»‘’')
ENDS = frozenset({".", "!", "?"})
# Past forms of common verbs that attribute nothing; what stands before one is the clause's subject.
PLAIN_VERBS = word_set("""
took came went made gave met began got left held won lost ran led put kept brought stood became broke rose fell
sat spent sent built drew grew wore threw hit let cut fought bought sold paid caught chose drove ate flew froze
hid shook sang sank slept stole struck swept tore woke withdrew has have had is are was were does did makes
takes comes goes gives gets keeps leaves holds meets runs leads puts
""")
# Verbs whose base form is a noun as often: only an auxiliary, a pronoun or a plural before them tells.
NOUNS_TOO = word_set("""
address advocate aim attack award back ban bash blame blast brand cast caution challenge champion charge cheer
comment compliment contact credit critique curse debate defeat demand detail discount dispute doubt draft dream
dread echo embrace envy estimate experience favor favour fault find flag float focus forecast frame grill
guarantee guess hail hate hint honor honour insult interview joke judge label lament laud like list lobby love
mandate matter mention mind moan mock mourn name notice object order outline paint pan peg permit pitch plan
pledge plot point portrait post praise press project promise protest quote rant rap rate rave reason rebuff
rebuke recall regret release remark repeat report request resolve respect ridicule rule salute scold scorn
second sense shout show shrug sigh signal slam slander smear sound state stress study support surmise suspect
swear tag talk target taunt tease term thank thanks toast tout trash trust tweet urge veto view vote vow welcome
whisper wish witness wonder worry yell
""")
# Things that speak: "a report suggesting that", "signs calling".
TEXTS = word_set("""
ad ads article articles banner banners bill brief cable column document documents editorial email emails essay
headline headlines interview law leaflet letter letters memo message messages note notes op-ed petition poll
polls post posts poster press release report reports resolution ruling sign signs song speech statement
statements story study survey surveys text tweet tweets video voice
""")


def is_adverb(low: str, word: str) -> bool:
    """Whether a word is an adverb, as far as its form tells.

    >>> is_adverb("repeatedly", "repeatedly"), is_adverb("kelly", "Kelly")
    (True, False)
    """
    return low in ADVERBS or (low.endswith("ly") and low not in NO_ADVERBS and not word[0].isupper())
