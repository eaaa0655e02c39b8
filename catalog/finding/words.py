"""Under which words a text is found. Pure: no database is asked.

Words between spaces and signs, folded and without a plural's ending; of Chinese, Japanese and Korean, which put no
spaces between words, every two characters that stand together, and in short texts every single one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MAX_WORD = 40
"""The longest word that is kept, in characters."""

_ACCENTS = re.compile("[\u0300-\u036f]")
# Kana, Chinese characters with their extensions, Hangul.
_PACKED = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<packed>[{_PACKED}]+)|(?P<word>[^\W_{_PACKED}]+(?:[-'\u2019.+][^\W_{_PACKED}]+)*)|(?P<sign>\S)")
_PART = re.compile(r"[^\W_]+")
_LETTERS_OR_DIGITS = re.compile(r"\d+|[^\W\d_]+")


def fold(text: str) -> str:
    """One form for what reads the same: full-width and half-width, upper and lower case."""
    return unicodedata.normalize("NFKC", text).casefold()


def words_of(text: str, *, singles: bool = True) -> Iterator[str]:
    """All words that a text is found under; some may come twice. `singles`: single characters of Chinese too."""
    for kind, run in runs(text):
        if kind == "packed":
            yield from pairs(run)
            if singles and len(run) > 1:
                yield from run
        elif kind == "sign":
            yield run
        else:
            yield from _spellings(run)


def runs(text: str) -> Iterator[tuple[str, str]]:
    """What a text is made of, in its order: "packed" characters, a "word" with the signs inside it, a "sign"."""
    for found in _RUN.finditer(_plain(text)):
        kind = found.lastgroup or ""
        # Pictures people type are words; commas and percents are not.
        if kind != "sign" or unicodedata.category(found.group()) == "So":
            yield kind, found.group()


def pairs(run: str) -> Iterator[str]:
    """Every two characters that stand together; a single one as it is."""
    if len(run) == 1:
        yield run
    for i in range(len(run) - 1):
        yield run[i : i + 2]


def couples(run: str) -> Iterator[str]:
    """As few pairs as cover every character: most Chinese words have two, and people put no space between words.

    So "男士羽绒服" asks for 男士, 羽绒 and 绒服, and finds 男士轻薄羽绒服; the pair 士羽 is not asked for.
    """
    if len(run) == 1:
        yield run
    for i in range(0, len(run) - 1, 2):
        yield run[i : i + 2]
    if len(run) > 1 and len(run) % 2:
        yield run[-2:]


def is_pair(word: str) -> bool:
    """Whether a word is two characters of Chinese."""
    found = _RUN.fullmatch(word)
    return len(word) == 2 and found is not None and found.lastgroup == "packed"


def parts(word: str) -> list[str]:
    """ "t-shirts" is "t" and "shirts"."""
    return [part[:MAX_WORD] for part in _PART.findall(word)]


def stem(word: str) -> str:
    """Without a plural's ending, so lightly that no word becomes another: "shirts", "boxes", "batteries"."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _spellings(word: str) -> Iterator[str]:
    """A word as it is written and its stem; put together and taken apart where signs or digits are inside it."""
    found = parts(word)
    if len(found) > 1:
        found.append("".join(found)[:MAX_WORD])
    for part in found:
        yield part
        yield stem(part)
        if not part.isalpha() and not part.isdigit():
            yield from (piece for piece in _LETTERS_OR_DIGITS.findall(part) if piece != part)


def _plain(text: str) -> str:
    """Folded, and without accents: "Café" is found under "cafe"."""
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", fold(text))))
