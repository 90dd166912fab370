"""Agencies: the news agencies that datelines and credit lines name."""

from __future__ import annotations

# Agencies by the forms that datelines and credits print.
AGENCIES = {
    "reuters": "Reuters", "ap": "AP", "associated press": "AP", "the associated press": "AP", "afp": "AFP",
    "agence france-presse": "AFP", "tass": "TASS", "itar-tass": "TASS", "sputnik": "Sputnik",
    "ria novosti": "RIA Novosti", "ria": "RIA Novosti", "interfax": "Interfax", "xinhua": "Xinhua", "dpa": "dpa",
    "kyodo": "Kyodo", "kyodo news": "Kyodo", "ansa": "ANSA", "efe": "EFE", "upi": "UPI", "yonhap": "Yonhap",
    "anadolu": "Anadolu", "aa": "Anadolu", "pti": "PTI", "bloomberg": "Bloomberg", "irna": "IRNA", "kcna": "KCNA",
    "pa": "PA", "aap": "AAP", "ians": "IANS", "ani": "ANI", "belta": "BelTA", "ukrinform": "Ukrinform",
    "agence france presse": "AFP", "itar tass": "TASS", "united press international": "UPI", "sputnik news": "Sputnik",
    "press association": "PA", "pa media": "PA", "press trust of india": "PTI", "australian associated press": "AAP",
    "anadolu agency": "Anadolu", "xinhua news agency": "Xinhua", "reuter": "Reuters", "thomson reuters": "Reuters",
    "deutsche presse-agentur": "dpa", "bloomberg news": "Bloomberg", "yonhap news agency": "Yonhap",
    "jiji": "Jiji", "jiji press": "Jiji", "belga": "Belga", "lusa": "Lusa", "bernama": "Bernama",
    "antara": "Antara", "tasnim": "Tasnim", "tanjug": "Tanjug", "agerpres": "Agerpres", "unian": "UNIAN",
    "interfax-ukraine": "Interfax-Ukraine", "canadian press": "CP",
    "the canadian press": "CP", "prensa latina": "Prensa Latina", "afp-jiji": "AFP", "dpa-afx": "dpa",
    "kuna": "KUNA", "kuwait news agency": "KUNA", "isna": "ISNA", "mehr news agency": "Mehr",
    "fars news agency": "Fars", "saudi press agency": "SPA", "austria press agency": "APA",
    "vietnam news agency": "VNA", "kazinform": "Kazinform",
    "dow jones newswires": "Dow Jones", "agencia efe": "EFE", "united news of india": "UNI",
}  # fmt: skip
# Broadcasters print their own name where an agency's would stand.
OWN_NAME = {"cnn", "cnn business", "cnnmoney", "cnn politics", "fox news", "rt", "bbc", "nbc", "cbs", "abc"}


def agency_name(printed: str) -> str:
    """An agency's name from the form that is printed; a broadcaster's own name is no agency.

    >>> agency_name("Associated Press"), agency_name("CNN"), agency_name("Novaya Gazeta")
    ('AP', '', 'Novaya Gazeta')
    """
    printed = printed.strip()
    return known_agency(printed) or ("" if printed.lower() in OWN_NAME else printed)


def known_agency(printed: str) -> str:
    """An agency's name from a form that is known, the first of several; empty for anything else.

    >>> known_agency("dpa/tmn"), known_agency("AFP/Reuters"), known_agency("Novaya Gazeta")
    ('dpa', 'AFP', '')
    """
    forms = [printed.strip().lower(), *(part.strip() for part in printed.lower().split("/"))]
    return next((AGENCIES[form] for form in forms if form in AGENCIES), "")
