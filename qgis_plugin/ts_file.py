"""Translations as Qt's Linguist edits them: files of ``<message>``, one for each text of the plugin."""

import xml.etree.ElementTree as ElementTree  # nosec B405
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from qgis_plugin.source_texts import PLUGIN, SourceText

CONTEXT = "Entropice"
I18N = PLUGIN / "i18n"
N_FORMS = {"de": 2}
"""How many forms a counted text has, by language: German tells one from several."""


@dataclass(frozen=True)
class Message:
    """A text and its translation: one form, or of a counted text all; empty where it is still to be done."""

    source: SourceText
    forms: tuple[str, ...]

    @property
    def is_finished(self) -> bool:
        """Whether every form is written."""
        return all(self.forms)


def ts_files() -> dict[str, Path]:
    """The file of each language."""
    return {language: I18N / f"entropice_{language}.ts" for language in N_FORMS}


def read_messages(path: Path) -> tuple[Message, ...]:
    """The messages of a file, in its order."""
    root = ElementTree.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314  # nosec B314  # a file of this repository
    return tuple(_message(element) for element in root.iter("message"))


def renewed(messages: Iterable[Message], sources: Iterable[SourceText], language: str) -> tuple[Message, ...]:
    """A message for each source: as it stands where there is one, else to be done; of other texts none."""
    known = {message.source: message for message in messages}
    return tuple(known.get(source) or Message(source, _no_forms(source, language)) for source in sources)


def as_ts(messages: Iterable[Message], language: str) -> str:
    """The text of a file."""
    root = ElementTree.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ElementTree.SubElement(root, "context")
    ElementTree.SubElement(context, "name").text = CONTEXT
    for message in messages:
        _add(context, message)
    ElementTree.indent(root, " ")
    head = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n'
    return head + ElementTree.tostring(root, encoding="unicode") + "\n"


def translations(path: Path) -> Mapping[str, str]:
    """The finished translations of the texts that count nothing."""
    messages = [message for message in read_messages(path) if message.is_finished and not message.source.is_counted]
    return {message.source.text: message.forms[0] for message in messages}


def _no_forms(source: SourceText, language: str) -> tuple[str, ...]:
    return ("",) * (N_FORMS[language] if source.is_counted else 1)


def _message(element: ElementTree.Element) -> Message:
    is_counted = element.get("numerus") == "yes"
    translation = element.find("translation")
    forms = [] if translation is None else list(translation) if is_counted else [translation]
    return Message(SourceText(element.findtext("source") or "", is_counted), tuple(form.text or "" for form in forms))


def _add(context: ElementTree.Element, message: Message) -> None:
    element = ElementTree.SubElement(context, "message", {"numerus": "yes"} if message.source.is_counted else {})
    ElementTree.SubElement(element, "source").text = message.source.text
    state = {} if message.is_finished else {"type": "unfinished"}
    translation = ElementTree.SubElement(element, "translation", state)
    if not message.source.is_counted:
        translation.text = message.forms[0]
        return
    for form in message.forms:
        ElementTree.SubElement(translation, "numerusform").text = form
