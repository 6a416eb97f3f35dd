"""At the door: people become keyed pseudonyms, phone and identity-card numbers in free text are masked.

The key is made on first use, readable by its owner only, and never leaves the data root; without it pseudonyms cannot be linked to people.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

# The same patterns in Python and in DuckDB SQL (RE2): digits may be full width and may be grouped by a blank or a hyphen.
_DIGIT = "[0-9０-９]"
_ID_CARD = f"{_DIGIT}{{17}}[0-9０-９xXｘＸ]"
_MOBILE = f"[1１][3-9３-９]{_DIGIT}[ -]?{_DIGIT}{{4}}[ -]?{_DIGIT}{{4}}"
_LANDLINE = f"0{_DIGIT}{{2,3}}[- ]?{_DIGIT}{{7,8}}"
_LONG = f"{_DIGIT}{{7,}}"
PERSONAL_NUMBER = f"{_ID_CARD}|{_MOBILE}|{_LANDLINE}|{_LONG}"
_SUSPECT = f"{_DIGIT}[0-9０-９ -]{{5,}}[0-9０-９xXｘＸ]"
MASK = "***"

_PERSONAL = re.compile(PERSONAL_NUMBER)


def masked(text: str) -> str:
    """text with phone numbers, identity-card numbers and any other run of seven digits replaced by ***."""
    return _PERSONAL.sub(MASK, text)


def masked_sql(expression: str) -> str:
    """The same as a DuckDB expression; only texts with a suspicious run of digits pay for the replacement."""
    return (
        f"CASE WHEN regexp_matches({expression}, '{_SUSPECT}') "
        f"THEN regexp_replace({expression}, '{PERSONAL_NUMBER}', '{MASK}', 'g') ELSE {expression} END"
    )


def pseudonym(person: str, key: bytes) -> str:
    """16 hex digits, the same for the same person and key."""
    return hmac.new(key, person.encode(), hashlib.sha256).hexdigest()[:16]


def town_key(path: Path) -> bytes:
    """The key in the file at path; made with owner-only permissions when the file is not there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
    return bytes.fromhex(path.read_text().strip())
