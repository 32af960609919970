"""Translations as Qt reads them: the binary of a ``.qm`` file, without Qt's own tools, so that any machine can pack.

The layout is that of Qt's ``QTranslator``: a magic number, then sections of a tag, a length and content. Messages stand
in the order of their hashes; Qt finds one by the hash of its text, then compares text and context.
"""

import struct
from collections.abc import Iterable

from qgis_plugin.ts_file import CONTEXT, Message

MAGIC = bytes.fromhex("3cb86418caef9c95cd211cbf60a1bddd")
LANGUAGE, HASHES, MESSAGES, NUMERUS_RULES = 0xA7, 0x42, 0x69, 0x88
END, TRANSLATION, SOURCE_TEXT, IN_CONTEXT, COMMENT = 1, 3, 6, 7, 8
RULES = {"de": b"\x01\x01"}
"""By language, when a number takes the first form and not the last: in German where it equals 1."""


def as_qm(messages: Iterable[Message], language: str) -> bytes:
    """The content of a file with the finished ones of the messages."""
    entries = sorted((_hash(message.source.text), _entry(message)) for message in messages if message.is_finished)
    offsets, body = b"", b""
    for key, entry in entries:
        offsets += struct.pack(">II", key, len(body))
        body += entry
    parts = ((LANGUAGE, language.encode()), (HASHES, offsets), (MESSAGES, body), (NUMERUS_RULES, RULES[language]))
    return MAGIC + b"".join(struct.pack(">BI", tag, len(content)) + content for tag, content in parts)


def _entry(message: Message) -> bytes:
    forms = b"".join(_sized(TRANSLATION, form.encode("utf-16-be")) for form in message.forms)
    named = ((COMMENT, ""), (SOURCE_TEXT, message.source.text), (IN_CONTEXT, CONTEXT))
    return forms + b"".join(_sized(tag, text.encode()) for tag, text in named) + bytes([END])


def _sized(tag: int, content: bytes) -> bytes:
    return struct.pack(">BI", tag, len(content)) + content


def _hash(text: str) -> int:
    """The hash of UNIX's ELF object files, as Qt's is."""
    value = 0
    for byte in text.encode():
        value = (value << 4) + byte
        high = value & 0xF0000000
        value = (value ^ high >> 24) & ~high if high else value
    return value & 0xFFFFFFFF or 1
