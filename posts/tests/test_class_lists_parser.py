"""Reading class lists: encodings, separators, headers and names."""

import pytest
from django.core.exceptions import ValidationError

from posts.class_lists import MAX_ROWS, Row, decode, parse, write

ROWS = [
    Row(1, "kim", "Kim", "Lund", "kim@school.example"),
    Row(2, "zoe", "Zoë Marie", "Łukasik", ""),
]
TEXT = "kim,Kim Lund,kim@school.example\nzoe,Zoë Marie Łukasik,\n"


def values_of(rows):
    return [(row.username, row.first_name, row.last_name, row.email) for row in rows]


def error_of(text):
    with pytest.raises(ValidationError) as error:
        parse(text)
    return error.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_encodings_that_spreadsheets_write(encoding, line_end):
    data = TEXT.replace("\n", line_end).encode(encoding)

    assert parse(decode(data)) == ROWS


def test_windows_1252():
    assert decode("zoe;Zoë Müller – “Zo”;€".encode("cp1252")) == "zoe;Zoë Müller – “Zo”;€"


def test_utf_16_with_a_byte_order_mark_in_either_order():
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        assert parse(decode(mark + TEXT.encode(encoding))) == ROWS


@pytest.mark.parametrize(
    "data",
    [b"PK\x03\x04\x14\0\x06\0", b"\xd0\xcf\x11\xe0\xa1", b"%PDF-1.7", b"kim\0", b"\0", b"kim\x81", b"\xff\xfe\0"],
)
def test_other_files_are_unreadable(data):
    with pytest.raises(ValidationError) as error:
        decode(data)

    assert error.value.code == "unreadable"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(separator):
    text = TEXT.replace(",", separator)

    assert values_of(parse(text)) == values_of(ROWS)
    assert values_of(parse("\n" + text)) == values_of(ROWS)


@pytest.mark.parametrize(
    "text",
    ["kim;Lund, Kim", 'kim,"Lund, Kim"', "kim\tLund, Kim", "sep=;\nkim;Lund, Kim", 'sep=,\r\nkim,"Lund,  Kim"'],
)
def test_separator_in_a_name(text):
    assert values_of(parse(text)) == [("kim", "Kim", "Lund", "")]


def test_first_line_with_a_separator_decides():
    assert values_of(parse("kim\nsam;Okafor, Sam\n")) == [("kim", "", "", ""), ("sam", "Sam", "Okafor", "")]


HEADERS = [
    "Username,Name,Email\nkim,Kim Lund,k@s.example",
    "E-Mail;Benutzername;Klasse;Vorname;Nachname\nk@s.example;kim;9b;Kim;Lund",
    "Name;Vorname;Login;Mail\nLund;Kim;kim;k@s.example",
    "Nom\tPrénom\tNom d’utilisateur\tCourriel\nLund\tKim\tkim\tk@s.example",
    "first_name,LAST NAME,user-name,Email address\nKim,Lund,kim,k@s.example",
    '"Full name","E-mail","Username",""\n"Lund, Kim","k@s.example","kim",""',
    "\ufeffusername,name,email\nkim,Kim Lund,k@s.example",
    ";;;\nusername;name;email;;\n\nkim;Kim Lund;k@s.example;;;;;;\n;;;\n",
    "Full name,first name,surname,username,email\nx,Kim,Lund,kim,k@s.example",
]


@pytest.mark.parametrize("text", HEADERS)
def test_header_in_any_order_and_language(text):
    assert values_of(parse(text)) == [("kim", "Kim", "Lund", "k@s.example")]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("kim", ("kim", "", "", "")),
        ("kim,Kim", ("kim", "Kim", "", "")),
        ("kim,Kim de la Cruz", ("kim", "Kim de la", "Cruz", "")),
        ("kim,李娜", ("kim", "李娜", "", "")),
        ('kim,"Lund,"', ("kim", "Lund,", "", "")),
        ("kim,Kim,Lund,k@s.example", ("kim", "Kim", "Lund", "k@s.example")),
        (" kim , Kim   Lund ,", ("kim", "Kim", "Lund", "")),
        ('kim,"Kim ""Kimmy"" Lund"', ("kim", 'Kim "Kimmy"', "Lund", "")),
        ("kim,=HYPERLINK(1)", ("kim", "=HYPERLINK(1)", "", "")),
    ],
)
def test_columns_without_a_header(text, row):
    assert values_of(parse(text)) == [row]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \n,,\n\t", "empty"),
        ("Username,Name", "empty"),
        ("First name,Last name\nKim,Lund", "no_username"),
        ("Username,Login\nkim,kim", "too_many_columns"),
        ("a,b,c,d,e", "too_many_columns"),
        ("kim" + "," * 60, "too_many_columns"),
        ('kim,"' + "x" * 200_000, "line_too_long"),
        ("kim\n" * (MAX_ROWS + 1), "too_many_rows"),
        ("username\n" + "kim\n" * (MAX_ROWS + 1), "too_many_rows"),
    ],
)
def test_list_that_cannot_be_read(text, code):
    assert error_of(text) == code


def test_longest_list():
    assert len(parse("kim\n" * MAX_ROWS)) == len(parse("username\n" + "kim\n\n" * MAX_ROWS)) == MAX_ROWS


def test_errors_are_at_their_lines():
    rows = parse('username;name\n\nkim;"Kim\nLund"\nsam;Sam;x\nolu;Olu;\n')

    assert [(row.line, row.username, len(row.errors)) for row in rows] == [(3, "kim", 1), (5, "sam", 1), (6, "olu", 0)]
    assert parse("sep=;\nkim;x")[0].line == 2


def test_written_list_is_read_again():
    rows = [Row(2, "kim", 'Kim "K"', "=1+1", "k@s.example", "new"), Row(3, "sam", ";,'", "", "", "added")]

    assert parse(write(rows, with_outcome=True)) == rows
    assert [row.outcome for row in parse(write(rows))] == ["", ""]
