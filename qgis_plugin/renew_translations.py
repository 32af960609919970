"""Brings the translations to the texts that the plugin has: adds missing ones as unfinished, drops others."""

import sys

from qgis_plugin.source_texts import source_texts
from qgis_plugin.ts_file import as_ts, read_messages, renewed, ts_files


def main() -> int:
    """Write each file anew and say what is still to be translated."""
    sources = source_texts()
    for language, path in ts_files().items():
        messages = renewed(read_messages(path) if path.is_file() else (), sources, language)
        path.parent.mkdir(exist_ok=True)
        path.write_text(as_ts(messages, language), encoding="utf-8")
        missing = [message.source.text for message in messages if not message.is_finished]
        print(f"{path}: {len(messages)} texts, {len(missing)} to translate", *missing, sep="\n  ")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
