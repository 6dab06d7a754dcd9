"""The page is made of the document's words, and nothing in them becomes markup."""

import copy

from service.web import page
from service.web.ops import document

FRAME = (
    "{{title}}|{{summary}}|{{description}}|{{version}}|{{contents}}|{{operations}}|{{schemas}}|{{problems}}"
)


def test_every_operation_is_shown_with_its_whole_path() -> None:
    text = page.render(document(), FRAME)
    for line in (
        "POST</span> /survey/1.0.0/surveys/{id}/send",
        "GET</span> /health/live",
        "GET</span> /docs",
    ):
        assert line in text
    assert "my-customer-reference" in text
    assert "{{" not in text.replace(page.NONCE, "")


def test_words_of_the_document_are_text_and_never_markup() -> None:
    hostile = copy.deepcopy(document())
    nasty = '<script>alert(1)</script>&"'
    hostile["info"].update(title=nasty, summary=nasty, description=nasty)
    operation = hostile["paths"]["/surveys"]["post"]
    operation.update(summary=nasty, description=nasty)
    operation["requestBody"]["content"]["application/json"]["example"]["name"] = nasty
    hostile["components"]["schemas"]["Text"]["description"] = nasty
    text = page.render(hostile, FRAME)
    assert "<script" not in text
    assert text.count("&lt;script&gt;") >= 7
