"""ProQuest's labels: what the fields of an article are called in the languages of its interface."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from corpora.readers.record import Stated

# Labels by field: English, then German, Spanish, French, Italian, Portuguese, Dutch and others as they are known. The
# interface's language decides on them, not the article's. Compared without case, accents, spaces and punctuation, since
# exports lose a space here and there ("Publicationdate:").
LABELS = {
    "text": "Full text|Volltext|Texto completo|Texte intégral|Texte complet|Testo completo|Testo integrale|"
            "Texto integral|Volledige tekst|Полный текст|Pełny tekst|Fulltekst|Tam metin|Plný text|Úplný text|"
            "Teljes szöveg|全文",
    "abstract": "Abstract|Zusammenfassung|Resumen|Résumé|Riassunto|Riepilogo|Resumo|Samenvatting|Реферат|Streszczenie|"
                "Abstract (summary)|Abstract (Abstract)|Sammendrag|Özet|摘要",
    "citation": "Publication info|Publication information|Publikationsinfo|Publikationsinformationen|"
                "Informationen zur Publikation|Veröffentlichungsinformationen|Información de publicación|"
                "Información de la publicación|Informations sur la publication|Informations de publication|"
                "Infos sur la publication|Informazioni sulla pubblicazione|Informazioni pubblicazione|"
                "Informações da publicação|Informações sobre a publicação|Informações de publicação|"
                "Informação da publicação|Publicatie-info|Информация о публикации|Informacje o publikacji",
    "links": "Links|Verknüpfungen|Enlaces|Vínculos|Liens|Collegamenti|Ligações|Koppelingen|Ссылки|Łącza|Lenker",
    "subject": "Subject|Thema|Materia|Sujet|Soggetto|Assunto|Onderwerp|Тема|Temat|Emne|Konu|Předmět|Tárgy|主题|主題",
    "term": "Business indexing term|Classification|Klassifizierung|Clasificación|Classificazione|Classificação",
    "location": "Location|Ort|Standort|Lugar|Ubicación|Lieu|Localisation|Luogo|Località|Local|Localização|Locatie",
    "people": "People|Person|Personen|Personas|Personnes|Persone|Pessoas|Люди|Osoby",
    "company": "Company / organization|Company / organisation|Firma / Organisation|Unternehmen / Organisation|"
               "Empresa / organización|Compañía / organización|Entreprise / organisation|Société / organisation|"
               "Azienda / organizzazione|Società / organizzazione|Empresa / organização|Bedrijf / organisatie",
    "keyword": "Identifier / keyword|Identifikator / Schlüsselwort|Identificador / palabra clave|"
               "Identificateur / mot-clé|Identificativo / parola chiave|Identificador / palavra-chave|"
               "Идентификатор / ключевое слово|Identyfikator / słowo kluczowe|Keywords",
    "title": "Title|Titel|Título|Titre|Titolo|Название|Tytuł|Tittel|Başlık|Název|Cím|标题|標題|タイトル",
    "author": "Author|Autor|Auteur|Autore|Автор|Forfatter|Yazar adı|Szerző|作者|著者",
    "publication": "Publication title|Titel der Publikation|Publikationstitel|Título de publicación|"
                   "Título de la publicación|Titre de la publication|Titre de publication|Titolo pubblicazione|"
                   "Titolo della pubblicazione|Título da publicação|Titel van publicatie|Название публикации|"
                   "Tytuł publikacji|Utgivelsestittel|Yayın adı|Název publikace|Publikáció címe|出版物名称|出版物名稱",
    "date": "Publication date|Publikationsdatum|Erscheinungsdatum|Fecha de publicación|Fecha de titulación|"
            "Date de publication|Date du diplôme|Data di pubblicazione|Data de publicação|Data da publicação|"
            "Publicatiedatum|Дата публикации|Data publikacji|Utgivelsesdato|Yayınlanma tarihi|Datum vydání|"
            "Publikáció dátuma|出版日期|出版日",
    "year": "Publication year|Year|Erscheinungsjahr|Jahr|Año de publicación|Año|Année de publication|Année|"
            "Anno di pubblicazione|Anno|Ano de publicação|Ano da publicação|Ano|Jaar van publicatie|Год публикации",
    "section": "Section|Bereich|Sección|Sezione|Seção|Secção|Sectie|Раздел|Rozdział|Bölüm|Sekce|章节|區段",
    "pages": "Pages|First page|Seiten|Erste Seite|Páginas|Primera página|Première page|Pagine|Prima pagina|"
             "Primeira página|Pagina's|Eerste pagina|Страницы|Strony|Sider|Sayfalar|Strany|Oldalak|页|頁面",
    "edition": "Edition|Auflage|Edición|Édition|Edizione|Editie",
    "dateline": "Dateline|Datumszeile",
    "publisher": "Publisher|Herausgeber|Verlag|Editorial|Éditeur|Casa editrice|Editore|Editora|Uitgever|Издательство",
    "place": "Place of publication|Verlagsort|Erscheinungsort|Lugar de publicación|Lieu de publication|"
             "Luogo di pubblicazione|Local de publicação|Plaats van publicatie|Место публикации|Miejsce publikacji",
    "country": "Country of publication|Publikationsland|País de publicación|Pays de publication|"
               "Paese di pubblicazione|País de publicação|Land van publicatie|Страна публикации|Kraj publikacji",
    "topic": "Publication subject|Journal subject|Publikationsthema|Zeitschriftenthema|Materia de la publicación|"
             "Materia de la revista|Sujet de la publication|Soggetto pubblicazione|Soggetto rivista|"
             "Assunto da publicação|Assunto do periódico|Тематика журнала|Tematyka czasopisma",
    "issn": "ISSN|e-ISSN|ISBN|DOI|CODEN|Volume|Band|Tomo|Issue|Ausgabe|Número|Numéro|Fascicolo|Edição|"
            "Word count|Ethnicity|Product name|Narrow subject|Broad subject|Column|Supplement|Series|Publication note|"
            "Number of references|Notes|Medium|DUNS|Publication frequency|"
            "Number of pages|Seitenanzahl|Número de páginas|Nombre de pages|Numero di pagine|Accession number",
    "source": "Source type|Quellentyp|Tipo de fuente|Type de source|Tipo di fonte|Tipo de fonte|Brontype|Тип источника",
    "language": "Language of publication|Language|Publikationssprache|Sprache der Publikation|Sprache|"
                "Idioma de la publicación|Idioma de publicación|Idioma|Langue de publication|Langue|"
                "Lingua di pubblicazione|Lingua|Idioma de publicação|Taal van publicatie|Taal|"
                "Язык публикации|Język publikacji",
    "type": "Document type|Dokumententyp|Dokumenttyp|Tipo de documento|Type de document|Tipo di documento|"
            "Documenttype|Тип документа|Rodzaj dokumentu|Record type|Document feature|Subfile",
    "id": "ProQuest document ID|ProQuest-Dokument-ID|ProQuest-Dokumenten-ID|Dokument-ID|ID del documento de ProQuest|"
          "ID de documento de ProQuest|ID del documento|ID du document ProQuest|ID de document ProQuest|"
          "ID documento ProQuest|ID del documento ProQuest|ID do documento do ProQuest|ID do documento da ProQuest|"
          "ID do documento ProQuest|ProQuest-document-ID|Идентификатор документа ProQuest|"
          "Identyfikator dokumentu ProQuest",
    "url": "Document URL|Dokument-URL|URL des Dokuments|URL del documento|URL du document|URL documento|"
           "URL do documento|URL van document|URL документа|Adres URL dokumentu|URL",
    "copyright": "Copyright|Urheberrecht|Derechos de autor|Droits d'auteur|Direitos autorais|Diritti d'autore|"
                 "Auteursrecht|Opphavsrett|Prawa autorskie|Telif Hakkı|版权|著作權",
    "updated": "Last updated|Letzte Aktualisierung|Zuletzt aktualisiert|Última actualización|Dernière mise à jour|"
               "Ultimo aggiornamento|Última atualização|Laatst bijgewerkt|Последнее обновление|Ostatnia aktualizacja",
    "database": "Database|Datenbank|Base de datos|Base de données|Base de dados|Banca dati|База|База данных|"
                "Baza danych|Databáze|Veritabanı|Adatbázis|数据库|資料庫|データベース",
}  # fmt: skip


def label_key(label: str) -> str:
    """A label as it is compared.

    >>> label_key("Titre de la publication"), label_key("ProQuest documentID: ")
    ('titredelapublication', 'proquestdocumentid')
    """
    plain = unicodedata.normalize("NFKD", label.casefold())
    return re.sub(r"[\W_]+", "", "".join(c for c in plain if not unicodedata.combining(c)))


FIELDS = {label_key(label): name for name, labels in LABELS.items() for label in labels.split("|")}
LABELLED = re.compile(r"([^\W\d][^:：\n]{1,44})[:：]\s?(.*)")
ORDINAL = re.compile(
    r"(?:Document|Dokument|Documento|Документ|Dokument nr)\s+(\d+)\s+(?:of|von|de|sur|di|van|из|z)\s+(\d+)$"
)
# What the export itself prints below its last article.
FOOT = re.compile(
    r"(?:Contact us at|Kontakt|Póngase en contacto|Contactez|Contatt|Contate|Database copyright|Terms and Conditions)\b"
    r".*(?:proquest)|Database copyright|Report Information from ProQuest$",
    re.IGNORECASE,
)
# How a field says that it has nothing.
NOTHING = re.compile(
    r"(?:(?:none|not|nicht|keine?|ning[uú]n[oa]?|no|aucun[e]?|non|nessuno|nenhum[a]?|não|niet|geen)\s*"
    r"(?:verf[üu]gbar|available|disponib\w+|dispon[ií]ve\w+|beschikbaar|vorhanden)?|n/?a|unknown|anonymous|"
    r"\[?(?:full )?text (?:is )?not available\]?|\W*)\.?",
    re.IGNORECASE,
)


def split_label(line: str) -> tuple[str, str]:
    """Field and value of a line that begins with a known label; no field where it begins with none.

    >>> split_label("Publication date: May 8, 2010"), split_label("He said: no.")
    (('date', 'May 8, 2010'), ('', 'He said: no.'))
    """
    match = LABELLED.match(line)
    name = FIELDS.get(label_key(match[1]), "") if match else ""
    return (name, match[2].strip()) if match and name else ("", line)


def is_nothing(text: str) -> bool:
    """Whether a field says that it has nothing: "None available."."""
    return len(text) < 60 and bool(NOTHING.fullmatch(text.strip()))


def stated(ordinals: Iterable[str]) -> Stated | None:
    """How many articles "Document 1 of 25" and the like tell, in the commonest of them."""
    counts = [(int(match[2]), line) for line in ordinals if (match := ORDINAL.match(line))]
    if not counts:
        return None
    count = max({count for count, _ in counts}, key=[count for count, _ in counts].count)
    return Stated(count, next(line for number, line in counts if number == count))
