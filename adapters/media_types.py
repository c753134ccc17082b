"""What kind of file some bytes are, by the bytes alone: what a browser or a name says of them is not believed."""

import re
from typing import BinaryIO

import puremagic

UNKNOWN = "application/octet-stream"
PLAIN = "text/plain"
LOOKED_AT = 64 * 1024
"""Bytes at either end that are looked at."""
MAY_BE_SPLIT = 3
"""Bytes at a cut that may be the beginning of a character in UTF-8."""

OFFICE = {
    b"word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
"""What a ZIP archive holds that is an office document: its beginning alone does not tell them apart."""

ENDINGS = {
    "application/json": "json",
    "application/msword": "doc",
    "application/pdf": "pdf",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-outlook": "msg",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.text": "odt",
    OFFICE[b"word/document.xml"]: "docx",
    OFFICE[b"xl/workbook.xml"]: "xlsx",
    OFFICE[b"ppt/presentation.xml"]: "pptx",
    "application/zip": "zip",
    "audio/mpeg": "mp3",
    "audio/wave": "wav",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/heif": "heif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tiff",
    "image/webp": "webp",
    "message/rfc822": "eml",
    PLAIN: "txt",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
}
"""Endings of kinds that open in a viewer; what can run, such as a web page, gets none that would run it."""

_WRITTEN = re.compile(r"[a-z]+/[a-z0-9.+-]{1,80}")
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|iframe|svg)\b", re.IGNORECASE)


def sniffed(source: BinaryIO) -> str:
    """The media type of a file; `application/octet-stream` where its bytes say nothing."""
    head, tail = _ends(source)
    source.seek(0)
    try:
        found = puremagic.from_stream(source, mime=True).lower()
    except (puremagic.PureError, ValueError):
        found = ""
    if head.startswith(b"PK\x03\x04"):
        found = _archive(head + tail)
    elif not found or found == PLAIN:
        found = _text(head)
    return found if _WRITTEN.fullmatch(found) else UNKNOWN


def ending(media_type: str | None) -> str:
    """How the name of a file of that kind ends; `bin` for what is not known or could run."""
    return ENDINGS.get(media_type or UNKNOWN, "bin")


def _ends(source: BinaryIO) -> tuple[bytes, bytes]:
    source.seek(0)
    head = source.read(LOOKED_AT)
    size = source.seek(0, 2)
    source.seek(max(size - LOOKED_AT, 0))
    return head, source.read(LOOKED_AT)


def _archive(ends: bytes) -> str:
    """An archive names what it holds before each part, and again at its end."""
    if b"mimetypeapplication/vnd.oasis.opendocument.text" in ends:
        return "application/vnd.oasis.opendocument.text"
    if b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in ends:
        return "application/vnd.oasis.opendocument.spreadsheet"
    return next((kind for part, kind in OFFICE.items() if part in ends), "application/zip")


def _text(head: bytes) -> str:
    if _MARKUP.search(head[:1024]):
        return "text/html"
    for cut in range(MAY_BE_SPLIT + 1 if len(head) == LOOKED_AT else 1):
        try:
            text = head[: len(head) - cut].decode()
        except UnicodeDecodeError:
            continue
        return PLAIN if text and all(each.isprintable() or each in "\r\n\t\f\ufeff" for each in text) else UNKNOWN
    return UNKNOWN
