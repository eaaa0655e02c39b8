"""The README's first query is answered as the README says, by the demo shop that `make run` serves."""

from __future__ import annotations

import json
import re
from pathlib import Path

from starlette.testclient import TestClient

from tests.support.demo import NOW

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_first_query_gets_the_answer_that_the_readme_shows(demo, monkeypatch, tmp_path):
    from api.app import create_app
    from api.settings import read_settings

    text = README.read_text()
    body = re.search(r"-d '(\{.*?\})'", text, re.DOTALL)
    shown = re.search(r"```json\n(.*?)```", text, re.DOTALL)
    assert body
    assert shown
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JIFEN_DATABASE_URL", demo.url)
    monkeypatch.setenv("JIFEN_MEDIA_ROOT", str(demo.media))
    monkeypatch.setenv("JIFEN_TEST_CLOCK", NOW.isoformat())
    with TestClient(create_app(read_settings(), work=False)) as client:
        answer = client.post("/graphql", json=json.loads(body[1]), headers={"Accept-Language": "en"})
    assert answer.json() == json.loads(shown[1])
