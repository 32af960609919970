from pathlib import Path

import entropice.report
from entropice.report.page_charts import LIBRARIES
from entropice.sha256 import sha256_of

PUBLISHED = {
    "vega.min.js": "ea6a5936381d06f912466354e2b6a20eb66c4d41f1ca9dff1e0236dfee6ee392",
    "vega-lite.min.js": "6d5035fdd429b4bc6f91f3754426c3f516f3dbd8e08b105cfc2496bed4ebd254",
    "vega-embed.min.js": "c36254270219eee58fb9b1d954decad954fb07bfc9ab780c5d4401bd445cd50c",
}


def test_scripts_are_those_that_were_published() -> None:
    folder = Path(entropice.report.__file__).parent / "browser"
    assert {name: sha256_of(folder / name) for name in LIBRARIES} == PUBLISHED
