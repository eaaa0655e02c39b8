"""The README's first query is answered as the README says, by the demo shop that `make run` serves."""

from __future__ import annotations

import json
import re
from pathlib import Path

from starlette.testclient import TestClient

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_first_query_gets_the_answer_that_the_readme_shows(sqlite_databases, monkeypatch, tmp_path):
    from api.app import create_app
    from api.demo import make_demo
    from api.opening import open_clock, open_database
    from api.settings import read_settings
    from checkout.shop import Shop
    from program.versions import ProgramShelf, publish_reference

    text = README.read_text()
    body = re.search(r"-d '(\{.*?\})'", text, re.DOTALL)
    shown = re.search(r"```json\n(.*?)```", text, re.DOTALL)
    assert body
    assert shown
    monkeypatch.chdir(tmp_path)
    with sqlite_databases.migrated() as url:
        monkeypatch.setenv("JIFEN_DATABASE_URL", url)
        settings = read_settings()
        db = open_database(settings)
        shop = Shop(db, open_clock(settings, db), ProgramShelf())
        with db.write() as tx:
            publish_reference(tx, shop.clock.now())
        make_demo(shop, media_root=settings.media_root, secret=settings.key(), progress=lambda done, total: None)
        db.close()
        with TestClient(create_app(settings, work=False)) as client:
            answer = client.post("/graphql", json=json.loads(body[1]), headers={"Accept-Language": "en"})
    assert answer.json() == json.loads(shown[1])
