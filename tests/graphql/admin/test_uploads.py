"""Pictures of products, sent by the GraphQL multipart request specification."""

from __future__ import annotations

import io
import json

from PIL import Image


def test_pictures_are_uploaded_and_named_by_their_content(shop):
    product = shop.stock()
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "PNG")
    query = """mutation($input: UploadProductImageInput!) { uploadProductImage(input: $input) {
      product { images { url(width: 20) alt width height placeholder } } errors { __typename path } } }"""

    def upload(data: bytes):
        operations = {"query": query, "variables": {"input": {"productId": product["id"], "file": None, "alt": "红"}}}
        answer = shop.post(
            role="MERCHANDISER",
            data={"operations": json.dumps(operations), "map": '{"0": ["variables.input.file"]}'},
            files={"0": ("a.png", data)},
            headers={"GraphQL-Require-Preflight": "1"},
        ).json()
        assert "errors" not in answer, answer
        return answer["data"]["uploadProductImage"]

    image = upload(picture.getvalue())["product"]["images"][0]
    assert (image["alt"], image["width"], image["height"]) == ("红", 40, 30)
    assert image["url"].startswith("https://shop.test/media/")
    assert image["url"].endswith(".png?width=20")
    assert upload(b"rubbish") == {"product": None, "errors": [{"__typename": "InvalidInputError", "path": ["file"]}]}
    assert shop.refused("saveProduct", slug="x", name="X", variants=[])[0][1] == ["variants"]
