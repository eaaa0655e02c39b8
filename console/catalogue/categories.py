"""The tree of categories: a page of it, new ones, other names, another place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.responses import Response

from catalog import queries
from catalog.checks import Translation
from catalog.records import TranslationRecord
from catalog.save_category import SaveCategory
from console.catalogue.goods import Branch, branches
from console.catalogue.product_view import part_of
from console.desk import Desk, deed, page
from console.forms import Errors, text_of
from console.visit import Visit
from kernel.refusals import Refused
from schema.admin.deeds import saving_category
from schema.context import Reading
from schema.locale import LOCALES

FIELDS = ("name", "slug", "parentSlug", *(f"translations.{locale}.name" for locale in LOCALES))


@dataclass(frozen=True)
class Counted:
    """A category, how many products are in it, and how many in all that are below it."""

    branch: Branch
    own: int
    below: int


@dataclass(frozen=True)
class CategoryView:
    """`base` is the name as it is, without a translation. `parents`: where it could stand."""

    branch: Branch
    base: str
    parent_slug: str
    translations: Sequence[TranslationRecord]


class CategoriesDesk(Desk):
    path = "/categories"
    label = "nav_categories"
    icon = "fa-sitemap"
    sees = "categories"

    @page("", "categories")
    async def show(self, visit: Visit) -> Response:
        def look(reading: Reading) -> list[Counted]:
            tree = branches(queries.categories(reading.conn, visit.locale))
            own = queries.category_counts(reading.conn, at=reading.now, program=reading.program, published_only=False)
            return counted(tree, own)

        return visit.page("categories.html", title=visit.t("nav_categories"), categories=await visit.read(look))

    @page("/new", "saveCategory")
    async def ask_new(self, visit: Visit) -> Response:
        return await _form(visit, None, Errors(), {"parentSlug": visit.asked("parent")})

    @deed("/new", "saveCategory")
    async def create(self, visit: Visit) -> Response:
        return await _save(visit, None)

    @page("/{id}", "saveCategory")
    async def ask_edit(self, visit: Visit) -> Response:
        view = await _find(visit)
        words = {each.locale: each.name for each in view.translations}
        given = {"name": view.base, "slug": view.branch.category.slug, "parentSlug": view.parent_slug}
        given |= {f"translations.{locale}.name": words.get(locale, "") for locale in LOCALES}
        return await _form(visit, view, Errors(), given)

    @deed("/{id}", "saveCategory")
    async def edit(self, visit: Visit) -> Response:
        return await _save(visit, await _find(visit))


def counted(tree: Sequence[Branch], own: Mapping[str, int] | Mapping[str | None, int]) -> list[Counted]:
    """What is below a category comes after it, deeper, until one that is not."""
    found: list[Counted] = []
    for i, branch in enumerate(tree):
        below = own.get(branch.category.id, 0)
        for other in tree[i + 1 :]:
            if other.depth <= branch.depth:
                break
            below += own.get(other.category.id, 0)
        found.append(Counted(branch, own.get(branch.category.id, 0), below))
    return found


async def _find(visit: Visit) -> CategoryView:
    category_id = part_of(visit, "id")

    def look(reading: Reading) -> CategoryView | None:
        shown = branches(queries.categories(reading.conn, visit.locale))
        branch = next((each for each in shown if each.category.id == category_id), None)
        if branch is None:
            return None
        base = next(each.name for each in queries.categories(reading.conn, None) if each.id == category_id)
        slugs = {each.category.id: each.category.slug for each in shown}
        translations = queries.translations_of(reading.conn, [category_id])[category_id]
        return CategoryView(branch, base, slugs.get(branch.category.parent_id or "", ""), translations)

    view = await visit.read(look)
    if view is None:
        raise HTTPException(404)
    return view


async def _save(visit: Visit, view: CategoryView | None) -> Response:
    form = await visit.form()
    given = {name: text_of(form, name) for name in (*FIELDS, "key")}
    worded = [locale for locale in LOCALES if given[f"translations.{locale}.name"]]
    command = SaveCategory(
        id=view.branch.category.id if view else None,
        slug=given["slug"],
        name=given["name"],
        parent_slug=given["parentSlug"] or None,
        translations=_translations(form, worded, view.translations if view else ()),
    )

    def do() -> str:
        try:
            return saving_category(visit.context, command)()
        except Refused as refused:
            raise Refused(
                *(
                    replace(each, path=("translations", worded[int(each.path[1])], *each.path[2:]))
                    if len(each.path) > 1 and each.path[0] == "translations" and int(each.path[1]) < len(worded)
                    else each
                    for each in refused.refusals
                )
            ) from None

    attempt = await visit.attempt(do, FIELDS)
    if attempt.refused:
        return await _form(visit, view, attempt.errors, given)
    visit.tell("category_told_saved" if view else "category_told_created", name=given["name"])
    return visit.go("/categories")


def _translations(form: FormData, worded: Sequence[str], there: Sequence[TranslationRecord]) -> tuple[Translation, ...]:
    """Those of the form; those in languages that it does not show stay, and so do descriptions."""
    kept = {each.locale: each for each in there}
    found = [
        Translation(
            locale,
            text_of(form, f"translations.{locale}.name"),
            kept[locale].description if locale in kept else None,
        )
        for locale in worded
    ]
    others = [each for each in there if each.locale not in LOCALES]
    return (*found, *(Translation(each.locale, each.name, each.description) for each in others))


async def _form(visit: Visit, view: CategoryView | None, errors: Errors, given: Mapping[str, str]) -> Response:
    def look(reading: Reading) -> list[tuple[str, str]]:
        tree = branches(queries.categories(reading.conn, visit.locale))
        own = view.branch.path if view else None
        # Nothing stands below itself.
        return [
            (each.category.slug, " › ".join(each.path)) for each in tree if own is None or each.path[: len(own)] != own
        ]

    return visit.page(
        "category_form.html",
        422 if errors else 200,
        title=view.branch.category.name if view else visit.t("category_new"),
        view=view,
        parents=await visit.read(look),
        errors=errors,
        given={**dict.fromkeys((*FIELDS, "key"), ""), **given},
        locales=LOCALES,
    )
