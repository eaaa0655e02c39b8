"""The tree of categories."""

from __future__ import annotations

from catalog.checks import Translation
from catalog.queries import categories
from catalog.save_category import MAX_DEPTH, SaveCategory, save_category
from tests.support.catalog import refused


def save(db, slug, **more):
    with db.write() as tx:
        return save_category(tx, SaveCategory(**{"slug": slug, "name": slug.title(), **more}))


def parents(db):
    with db.read() as conn:
        found = categories(conn, None)
    names = {category.id: category.slug for category in found}
    return {category.slug: names.get(category.parent_id) for category in found}


def test_categories_stand_below_each_other_and_move(db):
    save(db, "home")
    lamps = save(db, "lamps", parent_slug="home")
    save(db, "garden")
    assert parents(db) == {"home": None, "lamps": "home", "garden": None}
    save(db, "lights", id=lamps, name="Lights")
    assert parents(db)["lights"] == "home"
    save(db, "lights", id=lamps, parent_slug="garden")
    assert parents(db)["lights"] == "garden"
    save(db, "lights", id=lamps, parent_slug=None)
    assert parents(db)["lights"] is None


def test_names_are_in_the_viewers_language_where_there_is_one(db):
    id_ = save(db, "lamps", translations=(Translation("zh-CN", "灯具"),))
    save(db, "lamps", id=id_)
    with db.read() as conn:
        assert [category.name for category in categories(conn, "zh-CN")] == ["灯具"]
        assert [category.name for category in categories(conn, "en")] == ["Lamps"]


def test_a_category_cannot_stand_below_itself(db):
    home = save(db, "home")
    save(db, "lamps", parent_slug="home")
    assert refused(save, db, "home", id=home, parent_slug="lamps") == {"parentSlug": "cycle"}
    assert refused(save, db, "home", id=home, parent_slug="home") == {"parentSlug": "cycle"}


def test_the_tree_has_ten_levels_at_most(db):
    parent, ids = None, []
    for level in range(MAX_DEPTH):
        ids.append(save(db, f"c{level}", parent_slug=parent))
        parent = f"c{level}"
    assert refused(save, db, "deeper", parent_slug=parent) == {"parentSlug": "too_deep"}
    save(db, "root")
    assert refused(save, db, "c0", id=ids[0], parent_slug="root") == {"parentSlug": "too_deep"}
    save(db, "c1", id=ids[1], parent_slug="root")


def test_unknown_parents_taken_slugs_and_empty_names_are_told_together(db):
    save(db, "home")
    assert refused(save, db, "home", name="", parent_slug="nowhere", id="cat_" + "0" * 32) == {
        "id": "NotFound",
        "slug": "taken",
        "name": "empty",
        "parentSlug": "NotFound",
    }
