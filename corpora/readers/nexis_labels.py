"""Labels of LexisNexis and Nexis exports, in the languages that their interfaces have had."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# What a label means, and how it is printed: in capitals by the older services ("LÄNGE:"), else "Length:". Accents are
# taken off and hyphens are blanks before the look-up. English, German, French, Spanish, Italian, Portuguese, Dutch.
FIELDS = {
    "byline": "byline|signature|autor|autoren|autorin|auteur|auteurs|author|authors|autore|autori|autores|schrijver",
    "section": "section|rubrik|ressort|rubrique|seccion|sezione|secao|seccao|rubriek|sectie|sektion",
    "length": "length|lange|laenge|longueur|longitud|extension|lunghezza|comprimento|tamanho|lengte",
    "dateline": "dateline|ortszeile|datumszeile|ortsmarke|datumregel|lieu et date",
    "highlight": "highlight|highlights|encart|insert|abstract|kurzfassung|zusammenfassung|resume|resumen|sommario|"
    "resumo|samenvatting|chapo|chapeau",
    "title": "headline|title|titel|uberschrift|ueberschrift|schlagzeile|titre|titular|titulo|titolo|kop",
    "subtitle": "subheadline|subtitle|subhead|untertitel|unterzeile|sous titre|subtitulo|sottotitolo|ondertitel",
    "body": "body|text|article|hauptteil|haupttext|textkorper|textkoerper|corps|corps du texte|texte|cuerpo|texto|"
    "corpo|testo|tekst|hoofdtekst|volltext|full text",
    "captions": "graphic|graphics|grafik|grafiken|graphique|graphiques|illustration|illustrations|grafico|graficos|"
    "grafica|grafici|grafiek|grafieken|afbeelding|afbeeldingen|bildunterschrift",
    "loaded": "load date|update|ladedatum|lade datum|datum der aufnahme|date chargement|date de chargement|"
    "fecha carga|fecha de carga|data caricamento|data di caricamento|data carregamento|data de carregamento|"
    "laaddatum|laad datum",
    "language": "language|sprache|langue|idioma|lengua|lingua|taal",
    "tags": "subject|subjects|pub subject|sujet|sujets|thema|themen|schlagworter|schlagworte|asunto|asuntos|tema|temas|"
    "materia|argomento|argomenti|soggetto|assunto|assuntos|onderwerp|onderwerpen",
    "url": "url",
    "kind": "publication type|pub type|type publication|type de publication|publikationstyp|publikationsart|"
    "zeitungstyp|publicatietype|tipo de publicacion|tipo publicacion|tipo di pubblicazione|tipo de publicacao|type|typ",
    "other": "geographic|geographie|geografie|geografico|geo localization|localisation geo|region|company|unternehmen|"
    "firma|societe|empresa|bedrijf|societa|organization|organisation|organizacion|organizzazione|organizacao|"
    "organisatie|person|personen|personne|persona|pessoa|persoon|ticker|symbole boursier|stock symbol|borsensymbol|"
    "industry|branche|secteur activite|industria|journal code|code revue|distribution|document type|correction|"
    "korrektur|correccion|correzione|correctie|correction date|classification|klassifizierung|klassifikation|"
    "klassifizierungen|classificatie|clasificacion|classificazione|classificacao|notes|notizen|anmerkungen|"
    "hinweise|opmerkingen|notas|series|serie|kicker|name|names|country|state|city|land|pays|issn|isbn|source|quelle|"
    "cite|acc no|publication|publikation|volume|issue|edition|ausgabe|product|"
    "ticker symbol|keywords|event|enhancement|sic|copyright",
    # Of broadcasts, above the text; in it they are speakers.
    "cast": "show|transcript|anchor|anchors|guest|guests|reporter|reporters|host|hosts|byline 2|content|film|"
    "note|memo|bio",
}
KEYS = {name: key for key, names in FIELDS.items() for name in names.split("|")}
# Headings that stand alone on a line and head the paragraphs below them.
HEADING_STEMS = ("classif", "klassif", "clasif", "corre", "korrek", "notes", "notiz", "notas", "anmerk")
HEADING_WORDS = frozenset(n for n, key in KEYS.items() if key == "captions" or n.startswith(HEADING_STEMS))
# Fields whose text may go on over several paragraphs; all others are one.
LONG = frozenset({"captions", "other", "highlight", "byline"})
LABEL = re.compile(r"([^\W\d_][\w .'’-]{1,28}?)[ \xa0]?:(?=\s|\Z)")

END = re.compile(
    r"(?:end of document|ende des dokument(?:e?s)?|dokumentende|fin (?:du|de) document|fin del documento|"
    r"fine (?:del )?documento|fim do documento|einde (?:van )?(?:het )?document)\.?",
    re.IGNORECASE,
)
_WORD = r"(?:documents?|dokument(?:en?|s)?|document[oi]s?|documenten)"
NUMBERED = re.compile(
    rf"(?:focus ?-? ?)?(?:\d[\d.,]* (?:of|von|de|sur|di|van|out of) (\d[\d.,]*) {_WORD}"
    rf"|{_WORD} \d[\d.,]* (?:of|von|de|sur|di|van|/) (\d[\d.,]*))",
    re.IGNORECASE,
)
COUNTED = re.compile(rf"{_WORD} \((\d[\d.,]*)\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled line: which field it is, the label as printed, and what follows it."""

    key: str
    printed: str
    value: str


def read_label(block: str, style: str = "") -> Label | None:
    """The label that a block begins with, where it is a known one.

    Args:
        block: A paragraph, or the lines of one field.
        style: How labels are printed in this file, so that "Source: the ministry" in the text of an article is none:
            `capitals` by the older services, `nbsp` where Nexis Uni puts a blank that does not break behind them;
            empty where neither is known.

    >>> read_label("LÄNGE: 355 Wörter", "capitals")
    Label(key='length', printed='LÄNGE', value='355 Wörter')
    >>> read_label("Moscow: the talks went on.") is None, read_label("Length: unknown to him", "nbsp") is None
    (True, True)
    """
    match = LABEL.match(block)
    if not match or (style == "capitals" and not match[1].isupper()):
        return None
    if style == "nbsp" and block[match.end() : match.end() + 1] not in ("\xa0", ""):
        return None
    key = KEYS.get(plain_word(match[1]))
    return Label(key, match[1], block[match.end() :].strip()) if key else None


def unknown_label(block: str, style: str) -> Label | None:
    """What is printed as a label is, though the table lacks it; whether it is one depends on what stands around it.

    >>> unknown_label("PRODUCT: Onions (90%)", "capitals")
    Label(key='other', printed='PRODUCT', value='Onions (90%)')
    """
    match = LABEL.match(block)
    if not match or not style or (style == "capitals" and not match[1].isupper()):
        return None
    after = block[match.end() : match.end() + 1]
    return Label("other", match[1], block[match.end() :].strip()) if style == "capitals" or after == "\xa0" else None


def label_style(parts: Iterable[str], title_first: bool) -> str:
    """How the labels of an article are printed, as `read_label` wants it.

    >>> label_style(["Talks", "Length:\xa0200 words"], True), label_style(["LENGTH: 200 words"], False)
    ('nbsp', 'capitals')
    """
    if not title_first:
        return "capitals"
    return "nbsp" if any(read_label(block, "nbsp") and "\xa0" in block[:30] for block in parts) else ""


def read_heading(block: str) -> Label | None:
    """A heading that stands alone: "Graphic", "Classification".

    >>> read_heading("Graphic"), read_heading("Graphic content")
    (Label(key='captions', printed='Graphic', value=''), None)
    """
    word = plain_word(block) if len(block) < 24 else ""
    return Label(KEYS[word], block, "") if word in HEADING_WORDS else None


def is_body_mark(block: str) -> bool:
    """Whether a block is the heading of the text: "Body", "BODY:".

    >>> is_body_mark("Body"), is_body_mark("BODY:"), is_body_mark("Body of evidence")
    (True, True, False)
    """
    return len(block) < 24 and KEYS.get(plain_word(block.rstrip(": \xa0"))) == "body"


def plain_word(word: str) -> str:
    """A label for the look-up: small letters, no accents, blanks for hyphens."""
    letters = unicodedata.normalize("NFKD", word.replace("ß", "ss").lower())
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).replace("-", " ").split())
