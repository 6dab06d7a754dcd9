"""What the story of privacy asks in Python: is anything personal left in a file of the service?"""

from __future__ import annotations

LEAST_TELLING = 8
"""Characters from which on a reply is told from chance in a file of bytes."""


def nothing_personal(sight):
    """Neither a destination nor a reply stands in the database, its log of changes, or the service's log."""
    files = {path: path.read_bytes() for path in sight.folder.rglob("*") if path.is_file()}
    replies = [text for text in sight.replies if len(text) >= LEAST_TELLING]
    assert files, "the service has no files to look into"
    assert replies, "nobody has written anything that could be found"
    for path, content in files.items():
        for number in sight.destinations:
            assert number.removeprefix("+32").encode() not in content, f"a destination stands in {path.name}"
        for text in replies:
            assert text.encode() not in content, f"a reply stands in {path.name}"
    return f"{len(files)} files hold nobody"
