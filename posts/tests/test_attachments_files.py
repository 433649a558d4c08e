"""Files in posts: who can post them, and their types, which are read from their contents."""

import tracemalloc
import zipfile

import pytest
from django.core.exceptions import ValidationError

from accounts.tests.pictures import upload
from posts import actions
from posts.attachments import read_upload
from posts.models import Attachment, Post
from posts.refusals import FilesNeedTeacher
from posts.tests.attachments import DOCX, ODT, archive, document, docx, odt, stored_files
from posts.tests.support import find_row, html_of

MEGABYTE = 1024 * 1024
REFUSED = {
    "program": b"MZ\x90\x00" + bytes(100),
    "zip": archive({"a.txt": "x"}),
    "macros": docx(**{"word/vbaProject.bin": "x"}),
    "macros in an open document": odt(**{"Basic/Standard/Module1.xml": "x"}),
    "other open document": odt("application/vnd.oasis.opendocument.database"),
    "zip that names another type": odt("text/html"),
    "broken zip": docx()[:100] + b"x" * 50,
    "zip with many entries": archive({f"{number}": "" for number in range(5001)} | {"[Content_Types].xml": ""}),
    "zip in latin-1": b"PK\x03\x04\xff",
    "old Office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
    "text in another encoding": "Größe".encode("utf-16"),
    "text with NUL": b"a\0b",
    "gif": b"GIF89a" + bytes(50),
}
ACCEPTED = {
    "pdf": (b"%PDF-1.7\n\xff\xfe", "application/pdf", ".pdf"),
    "text": ("Größe\r\n\t1".encode(), "text/plain", ".txt"),
    "html": (b"<script>alert(1)</script>", "text/plain", ".txt"),
    "docx": (docx(), DOCX, ".docx"),
    "odt": (odt(), ODT, ".odt"),
}


def read(content, name="x.bin"):
    return read_upload(upload(content, name), may_be_document=True)


@pytest.mark.guarantee("bad-input")
@pytest.mark.parametrize("name", REFUSED)
def test_file_of_another_type_is_refused(name):
    with pytest.raises(ValidationError) as error:
        read(REFUSED[name])

    assert error.value.code == "wrong_type"


@pytest.mark.guarantee("files")
@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compressed_type_of_a_document_takes_little_memory(method, record_property):
    content = archive({"mimetype": b"\0" * 40 * MEGABYTE}, method)
    tracemalloc.start()

    with pytest.raises(ValidationError):
        read(content)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    record_property("figure", f"{len(content)} bytes: {peak // 1024} KB of memory")
    assert peak < MEGABYTE


@pytest.mark.parametrize("name", ACCEPTED)
def test_type_is_read_from_the_content(name):
    content, media_type, suffix = ACCEPTED[name]

    accepted = read(content, "Plan.exe")

    assert (accepted.media_type, accepted.name) == (media_type, f"Plan.exe{suffix}")
    assert accepted.file.name.endswith(suffix)
    assert accepted.file.read() == content


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Plan.pdf", "Plan.pdf"),
        ("Plan.PDF", "Plan.pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ("‮fdp.exe", "fdp.exe.pdf"),
        ('a\r\nSet-Cookie: "x".pdf', 'a Set-Cookie: "x".pdf'),
        (".pdf", "file.pdf"),
        ("Übung 7 – Lösung.pdf", "Übung 7 – Lösung.pdf"),
    ],
)
def test_name_is_cleaned_and_gets_the_suffix_of_the_type(name, expected):
    assert read(b"%PDF-1.7", name).name == expected


def test_file_over_the_limit_is_refused():
    with pytest.raises(ValidationError) as error:
        read(b"%PDF-" + bytes(10 * MEGABYTE))

    assert error.value.code == "too_large"


@pytest.mark.guarantee("user-text")
def test_file_of_a_teacher_is_downloaded_and_never_shown(client_for, teacher, classmate, room):
    client_for(teacher).post("/rooms/chemistry/", {"body": "The plan", "attachment": document(name='Plan "ü".pdf')})

    attachment = Attachment.objects.get()
    url = attachment.get_absolute_url()
    client = client_for(classmate)
    response = client.get(url)
    assert b"".join(response.streaming_content) == b"%PDF-1.7 x"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Plan%20%22%C3%BC%22.pdf"
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    row = find_row(html_of(client.get("/rooms/chemistry/")), attachment.post)
    assert f'href="{url}" download' in row
    assert "Plan &quot;ü&quot;.pdf" in row
    assert "<img src=" not in row.partition("post-attachment")[2]


@pytest.mark.parametrize("user", ["student", "pending_teacher"])
def test_only_teachers_can_post_files(client_for, request, room, user, common_room):
    user = request.getfixturevalue(user)

    response = client_for(user).post("/rooms/common/", {"body": "The plan", "attachment": document()})

    assert "Choose a picture: a PNG, JPEG or WebP file." in html_of(response)
    with pytest.raises(FilesNeedTeacher):  # also if the approval is revoked while the form is read
        actions.write_post(user, common_room, "The plan", attachment=read(b"%PDF-1.7"))
    assert not Post.objects.exists()
    assert stored_files() == []
