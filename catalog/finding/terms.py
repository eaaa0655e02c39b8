"""What a search asks for. Pure: all of its terms have to be found, the last as far as it has been typed."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.finding.words import couples, fold, is_pair, parts, runs, stem

MAX_SEARCH = 200
"""Characters of a search that count."""

MAX_TERMS = 12
"""Words that count: more would narrow nothing down and cost the same each."""

SKU, NAME, KIND, TEXT = 4, 3, 2, 1
"""How much a word counts by where it stands: the whole SKU; name or a part of the SKU; category, options,
attributes; description."""

ALL_LEVELS = (NAME, KIND, TEXT)


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or, with a prefix, whatever begins with it as well."""

    word: str
    prefix: str | None


@dataclass(frozen=True, slots=True)
class Search:
    """A search, taken apart. `sku` is the word of a product whose whole SKU was typed."""

    terms: tuple[Term, ...]
    sku: str

    @property
    def is_blank(self) -> bool:
        return self.sku == "="


def read_search(text: str) -> Search:
    """Only the first 200 characters and the first 12 words count. Signs alone find nothing, blanks ask for nothing."""
    text = text[:MAX_SEARCH].replace("\0", "\x01")
    terms: dict[str, Term] = {}
    last = ""
    for kind, run in runs(text):
        last = ""
        if kind == "word":
            for part in parts(run):
                terms.setdefault(stem(part), Term(stem(part), None))
                last = part
        else:
            terms.update({word: Term(word, None) for word in couples(run)})
    if last:
        # Typed to here, perhaps not to its end.
        terms[stem(last)] = Term(stem(last), last)
    return Search(tuple(terms.values())[:MAX_TERMS], sku_word(text))


def taken_apart(terms: tuple[Term, ...], missing: set[Term]) -> tuple[Term, ...]:
    """With the single characters of pairs that nothing has: "运动鞋男" is 运动 and 鞋男, which is no word."""
    found: dict[Term, None] = {}
    for term in terms:
        if term in missing and is_pair(term.word):
            found.update(dict.fromkeys(Term(character, None) for character in term.word))
        else:
            found[term] = None
    return tuple(found)[:MAX_TERMS]


def sku_word(sku: str) -> str:
    """The word that stands for a whole SKU, spaces and case aside."""
    return "=" + "".join(fold(sku).split())
