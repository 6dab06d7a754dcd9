"""Customer files as companies really have them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belfort.customers import read_customers
from belfort.exits import Exit, Trouble


def written(tmp_path, text: str, encoding: str = "utf-8"):
    path = tmp_path / "customers.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_row_becomes_a_customer_with_its_line_number(tmp_path):
    path = written(
        tmp_path,
        "destination,language,segments,referenceId\n0472 30 67 05,nl-BE,gold;web,c-1\n+32472306706,,,\n",
    )
    first, second = read_customers(path)
    assert (first.address, first.language, first.segments, first.reference, first.line) == (
        "0472 30 67 05",
        "nl-BE",
        frozenset({"gold", "web"}),
        "c-1",
        2,
    )
    assert (second.language, second.segments, second.reference, second.line) == (None, frozenset(), None, 3)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_excel_may_choose_the_separator_and_write_a_byte_order_mark(tmp_path, separator):
    path = written(tmp_path, f"referenceId{separator}Destination\nc-1{separator}+32472306705\n", "utf-8-sig")
    assert [(each.reference, each.address) for each in read_customers(path)] == [("c-1", "+32472306705")]


def test_a_line_number_counts_the_lines_of_the_file_not_the_rows(tmp_path):
    path = written(tmp_path, 'destination,referenceId\n+32472306705,"two\nlines"\n\n+32472306706,x\n')
    assert [each.line for each in read_customers(path)] == [3, 5]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("language\nnl\n", "column destination is missing"),
        ("destinatoin\n1\n", "did you mean destination?"),
        ("destination,shoe size\n1,2\n", "unknown column 'shoe size'"),
        ('destination\n"unclosed\n', "line 2"),
    ],
)
def test_a_broken_file_is_refused_with_what_to_mend(tmp_path, text, said):
    with pytest.raises(Trouble, match=said.replace("?", r"\?")) as trouble:
        read_customers(written(tmp_path, text))
    assert trouble.value.code == Exit.USAGE


def test_a_file_in_another_encoding_is_refused_by_name(tmp_path):
    with pytest.raises(Trouble, match="not UTF-8"):
        read_customers(written(tmp_path, "destination,segments\n+32472306705,caf\xe9\n", "latin-1"))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Trouble, match="cannot read"):
        read_customers(tmp_path / "nowhere.csv")


@given(text=st.text(max_size=300))
def test_no_text_is_anything_but_customers_or_trouble(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("csv") / "c.csv"
    path.write_bytes(("destination,segments\n" + text).encode(errors="surrogatepass"))
    with contextlib.suppress(Trouble):
        assert all(each.address is not None for each in read_customers(path))
