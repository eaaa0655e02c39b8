"""The picture that a member shows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from checkout.pictures_in_use import PICTURES_IN_USE
from media.recipes import Use
from media.storage import read_image
from media.sweep import GRACE, sweep_images
from members.avatars import MOST_UPLOADS, Avatar, avatars_of, forget_avatar, hand_over_avatar, set_avatar
from tests.support.catalog import picture
from tests.support.pictures import BAD, GPS_NOTE, photograph, tagged

UPLOAD = """mutation($input: UploadAvatarInput!) { uploadAvatar(input: $input) {
  member { nickname avatar { url(width: 100) large: url alt width height placeholder } }
  errors { __typename path message } } }"""

REMOVE = "mutation { removeAvatar { member { avatar { url } } errors { message } } }"

ME = "{ me { avatar { url } } }"


@pytest.fixture
def ana(play):
    return play.enrol("Ana")


@pytest.fixture
def token(api, ana):
    return api.token(ana)


@pytest.fixture
def upload(api, token):
    def upload(data, token=token, language="en"):
        answer = api.upload(UPLOAD, data, token=token, language=language)
        assert "errors" not in answer, answer
        return answer["data"]["uploadAvatar"]

    return upload


def files(api):
    return {entry["path"] for batch in api.services.media.list() for entry in batch}


def test_a_member_shows_a_picture_of_their_own(api, token, upload):
    assert api.ask(ME, token=token) == {"me": {"avatar": None}}
    answer = upload(photograph((1200, 800)))
    avatar = answer["member"]["avatar"]
    assert (avatar["width"], avatar["height"], avatar["alt"]) == (400, 400, "Ana")
    assert avatar["url"].endswith("-a1-100.webp")
    assert avatar["placeholder"].startswith("data:")
    assert read_image(api.services.media, avatar["url"].rpartition("/")[2])
    assert api.ask(ME, token=token) == {"me": {"avatar": {"url": avatar["large"]}}}


def test_where_they_were_is_not_told(api, upload):
    upload(tagged())
    assert files(api)
    assert not any(GPS_NOTE in read_image(api.services.media, name) for name in files(api))


def test_the_one_before_is_gone_at_once_and_so_is_one_that_is_taken_away(api, token, upload):
    upload(picture("red"))
    before = files(api)
    upload(picture("blue"))
    assert files(api)
    assert not files(api) & before
    upload(picture("blue"))
    assert files(api)
    assert api.ask(REMOVE, token=token) == {"removeAvatar": {"member": {"avatar": None}, "errors": []}}
    assert files(api) == set()
    assert api.ask(REMOVE, token=token)["removeAvatar"]["errors"] == []


def test_a_picture_that_another_member_shows_too_stays(api, play, token, upload):
    other = api.token(play.enrol("Bo"))
    upload(picture("red"))
    upload(picture("red"), token=other)
    api.ask(REMOVE, token=token)
    url = api.ask(ME, token=other)["me"]["avatar"]["url"]
    assert read_image(api.services.media, url.rpartition("/")[2])


def test_the_sweep_leaves_faces_alone(api, play, token, upload):
    upload(picture("red"))
    for days in (0, 100):
        now = play.now + GRACE + timedelta(days=days)
        assert sweep_images(play.db, api.services.media, PICTURES_IN_USE, now=now) == 0
    assert files(api)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_a_bad_file_is_refused_in_words_and_nothing_is_stored(api, upload, language):
    for name in ("empty", "svg", "gif", "moving webp", "cut jpeg", "bomb", "html before a jpeg", "jpeg of many scans"):
        answer = upload(BAD[name][0], language=language)
        (error,) = answer["errors"]
        assert (answer["member"], error["__typename"], error["path"]) == (None, "InvalidInputError", ["file"]), name
        assert any("一" <= letter <= "鿿" for letter in error["message"]) is (language == "zh-CN")
        assert files(api) == set()


def test_twenty_pictures_can_be_sent_in_a_day(api, play, ana, token, upload):
    for n in range(MOST_UPLOADS):
        assert upload(picture(size=(5, 5 + n)))["errors"] == []
    assert upload(picture())["errors"][0]["path"] == ["file"]
    api.ask(REMOVE, token=token)
    assert upload(picture())["errors"]
    play.days_later(1)
    assert upload(picture(), token=api.token(ana))["errors"] == []


def test_signed_out_nobody_sends_one(api):
    for answer in (api.upload(UPLOAD, picture()), api.post(REMOVE), api.upload(UPLOAD, picture(), token="none")):
        assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert files(api) == set()


def test_a_form_of_a_foreign_page_is_not_taken(api, token):
    answer = api.client.post("/graphql", data={"operations": "{}", "map": "{}"}).json()
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


def test_a_picture_is_read_only_where_it_is_asked_for(api, token):
    api.ask("{ me { nickname } }", token=token)
    with api.counting() as statements:
        api.ask("{ me { nickname } }", token=token)
    without = len(statements)
    with api.counting() as statements:
        api.ask("{ me { nickname avatar { url } } }", token=token)
    assert len(statements) == without + 1


def test_one_person_with_two_accounts_keeps_one_picture(api, play, ana):
    bo, studio = play.enrol("Bo"), api.services.studio
    red = studio.take_in(picture("red"), Use.AVATAR, play.now)
    avatar = Avatar(red.key, red.width, red.height, red.placeholder)
    with play.db.write() as tx:
        set_avatar(tx, bo, avatar, now=play.now)
        hand_over_avatar(tx, bo, ana)
        assert avatars_of(tx, [ana, bo]) == {ana: avatar}
        set_avatar(tx, bo, Avatar("blue", 1, 1, None), now=play.now)
        hand_over_avatar(tx, bo, ana)
        assert avatars_of(tx, [ana, bo]) == {ana: avatar}
        forget_avatar(tx, ana)
        assert avatars_of(tx, [ana, bo]) == {}
