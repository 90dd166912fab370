"""Language of an article, told from its words with a model that lies inside the package py3langid."""

from __future__ import annotations

# Fewer characters than this say little: single headlines are often taken for a neighbouring language.
MINIMUM_CHARACTERS = 60
# A lede is enough to tell; reading whole articles costs time and changes nothing.
READ_CHARACTERS = 800


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
