"""Compression of pages."""

import gzip


def test_page_is_compressed_for_a_browser(client, db):
    response = client.get("/login/", headers={"Accept-Encoding": "gzip, deflate, br"})

    assert response.headers["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(response.content)
    assert int(response.headers["Content-Length"]) == len(response.content)


def test_size_of_a_compressed_page_varies_at_random(client, db):
    headers = {"Accept-Encoding": "gzip"}

    assert len({len(client.get("/login/", headers=headers).content) for _time in range(30)}) > 10
