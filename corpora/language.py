"""Language of an article: as its record says, or told from its words with a model inside the package py3langid."""

from __future__ import annotations

import re

# Fewer characters than this say little: single headlines are often taken for a neighbouring language.
MINIMUM_CHARACTERS = 60
# A lede is enough to tell; reading whole articles costs time and changes nothing.
READ_CHARACTERS = 800
# ISO 639-1 code, then the codes of ISO 639-2 and the English names that files have in its place.
WRITTEN = {
    "ar": "ara arabic", "az": "aze azerbaijani azeri", "be": "bel belarusian belarussian", "bg": "bul bulgarian",
    "bn": "ben bengali bangla", "bs": "bos bosnian", "ca": "cat catalan", "cs": "ces cze czech", "da": "dan danish",
    "de": "deu ger german", "el": "ell gre greek", "en": "eng english", "es": "spa spanish castilian",
    "et": "est estonian", "fa": "fas per persian farsi", "fi": "fin finnish", "fr": "fra fre french",
    "ga": "gle irish", "he": "heb hebrew", "hi": "hin hindi", "hr": "hrv croatian", "hu": "hun hungarian",
    "hy": "hye arm armenian", "id": "ind indonesian", "is": "isl ice icelandic", "it": "ita italian",
    "ja": "jpn japanese", "ka": "kat geo georgian", "kk": "kaz kazakh", "ko": "kor korean", "ky": "kir kyrgyz",
    "lt": "lit lithuanian", "lv": "lav latvian", "mk": "mkd mac macedonian", "mn": "mon mongolian",
    "ms": "msa may malay", "nb": "nob", "nl": "nld dut dutch flemish", "nn": "nno", "no": "nor norwegian",
    "pl": "pol polish", "ps": "pus pashto", "pt": "por portuguese", "ro": "ron rum romanian", "ru": "rus russian",
    "sk": "slk slo slovak", "sl": "slv slovene slovenian", "sq": "sqi alb albanian", "sr": "srp serbian",
    "sv": "swe swedish", "sw": "swa swahili", "ta": "tam tamil", "tg": "tgk tajik", "th": "tha thai",
    "tr": "tur turkish", "uk": "ukr ukrainian", "ur": "urd urdu", "uz": "uzb uzbek", "vi": "vie vietnamese",
    "zh": "zho chi chinese mandarin",
}  # fmt: skip
CODES = {name: code for code, names in WRITTEN.items() for name in (code, *names.split())}


def language_code(written: str) -> str:
    """ISO 639-1 code of a language as a file writes it; empty for a word that names none.

    >>> language_code("German"), language_code("en-US"), language_code("deu"), language_code("various")
    ('de', 'en', 'de', '')
    """
    first = re.match(r"[a-z]+", written.strip().lower())
    return CODES.get(first[0], "") if first else ""


def identify_language(text: str) -> str:
    """ISO 639-1 code of a text's language; empty where the text is too short to tell.

    >>> identify_language("The two governments said that talks would resume in the spring, officials said.")
    'en'
    >>> identify_language("Hello")
    ''
    """
    if len(text) < MINIMUM_CHARACTERS:
        return ""
    import py3langid  # its model takes 0.1 s to load: only when a text is read

    return str(py3langid.classify(text[:READ_CHARACTERS])[0])
