import base64
import hashlib
import math
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from entropice.report.html_report import render_html
from entropice.report.manifest import build_manifest
from entropice.report.markup import format_number, format_percent, format_sentence, format_signed, format_significant
from entropice.report.texts import MapModel

VOID = {"meta", "img", "br", "link", "input", "hr"}


class Outline(HTMLParser):
    """Tags that stay open, image texts, and anything that could fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.image_texts: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        values = dict(attributes)
        if tag == "img":
            self.image_texts.append(values.get("alt") or "")
        self.addresses += [value or "" for name, value in attributes if name in {"src", "href", "srcset", "action"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def report(make_report) -> str:
    return make_report()


@pytest.fixture(scope="module")
def outline(report: str) -> Outline:
    parser = Outline()
    parser.feed(report)
    return parser


def test_it_needs_no_network(report: str, outline: Outline) -> None:
    assert all(address.startswith(("data:image/", "#")) for address in outline.addresses)
    own = re.sub(r"data:image/[a-z+]+;base64,[A-Za-z0-9+/=]+|<script.*?</script>", "", report, flags=re.DOTALL)
    assert not re.search(r"//|url\(|@import", own)
    assert "default-src 'none'" in report


def test_it_is_well_formed_and_runs_nothing_but_its_own_scripts(report: str, outline: Outline) -> None:
    assert outline.open == []
    assert not outline.tags & {"iframe", "object", "embed", "form", "link"}
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', report)[1]
    allowed = re.findall(r"script-src ([^;]*)", policy)[0].split()
    run = re.findall(r"<script>(.*?)</script>", report, flags=re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in run]
    assert allowed == [f"'sha256-{digest}'" for digest in digests]


def test_every_image_has_a_text(content, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("entropice.report.frames.outlines.MOST_CELLS", 1)
    outline = Outline()
    outline.feed(render_html(content))
    assert len(outline.image_texts) == 3
    assert all(len(text) > 20 for text in outline.image_texts)


def test_transfer_skill_comes_first_and_random_validation_last(report: str) -> None:
    first = report.index("<h3>Transfer skill (spatial folds)")
    assert first < report.index("attainable limit (Bayes-optimal)</th>") < report.index("<h3>Random cross-validation")
    assert "60 % of the limit" in report
    assert "0.220 (+0.100)" in report


def test_without_a_truth_there_is_no_limit(make_report) -> None:
    text = make_report(with_limit=False)
    assert "attainable" not in text
    assert "of the limit" not in text


def test_a_run_of_one_scheme_whose_folds_have_no_slumps_is_told_with_the_reason(make_report, fabricated) -> None:
    of_scheme = {
        name: table[table["scheme"] == "spatial"]
        for name in ("scores", "folds", "fold_scores", "out_of_fold")
        for table in [getattr(fabricated, name)]
    }
    of_scheme["fold_scores"] = of_scheme["fold_scores"].assign(value=np.nan, n_positive=0)
    report = make_report(with_limit=False, **of_scheme)
    for key in ("fold_scores", "role_map", "declared_skill"):
        assert f'<figure id="chart-{key}">' in report
    assert "no value in fold 0, 1, 2: no slumps in the fold" in report
    assert "True skill: not known" in report


def test_a_plumbing_check_says_so_before_anything_else(make_report) -> None:
    text = make_report(with_limit=False, purpose="plumbing check", notice="It claims no skill.")
    assert text.index("It claims no skill.") < text.index("<nav")
    assert "Plumbing check: these numbers" in text


def test_models_and_scores_that_nobody_declared_are_shown_under_their_own_names(make_report, fabricated) -> None:
    first = fabricated.scores[fabricated.scores["model"] == "logistic"]
    unknown = [first.assign(model="svm"), first[first["score"] == "auc"].assign(score="hit_rate", value=0.4321)]
    text = make_report(scores=pd.concat([fabricated.scores, *unknown]))
    assert "svm" in text
    assert "hit_rate" in text
    assert "0.432" in text


def test_a_model_that_is_no_espa_is_told_as_the_model_of_the_map(content) -> None:
    other = replace(content, map_model=MapModel("logistic", "logistic regression"))
    text = render_html(other)
    assert '<tr class="own"><th scope="row">logistic regression<small>model of the map</small></th>' in text
    assert "How much the log loss of logistic regression, the model behind the map, rises" in text
    assert "Forecasts out of fold, in bins of equal count; logistic regression is the model" in text


def test_how_the_model_of_the_map_was_chosen_is_told(content) -> None:
    beaten = [{"name": "logistic", "title": "logistic regression", "score": 0.1}]
    chosen = MapModel("espa", "eSPA", {"criterion": "log skill in inner spatial folds", "score": 0.2, "beaten": beaten})
    text = render_html(replace(content, map_model=chosen))
    assert "chosen by log skill in inner spatial folds (0.200) before logistic regression (0.100)." in text


def test_text_from_outside_stays_text(make_report) -> None:
    text = make_report(title="<script>alert(1)</script>", attributions=["<img src=x onerror=alert(1)>"])
    assert "<script>alert" not in text
    assert "onerror=alert(1)>" not in text
    assert "&lt;script&gt;" in text


def test_same_content_same_bytes(make_report, report: str) -> None:
    assert make_report() == report


def test_provenance_is_told(report: str) -> None:
    assert report.index("A source, 2020, CC BY 4.0.") < report.index("<details><summary>Inputs: 1 files")
    details = report[report.index("<details><summary>Inputs: 1 files") :]
    assert "ab" * 32 in details
    assert "ef" * 32 in details
    assert report.count("ab" * 32) == 1
    assert "virtual_arctic.seed = 1" in report


def test_numbers_for_readers() -> None:
    assert format_number(-0.1234) == "−0.123"
    assert format_signed(0.5) == "+0.500"
    assert format_significant(-0.012345) == "−0.0123"
    assert format_significant(float("nan")) == "–"
    assert format_percent(0.256) == "26 %"
    assert format_sentence("kNNDM folds of Arctic cells") == "KNNDM folds of Arctic cells"
    assert {format_number(math.nan), format_signed(math.nan), format_percent(math.nan)} == {"–"}


def test_a_map_by_a_beaten_model_says_so_before_all_else(make_run_folder, fabricated) -> None:
    choice = {"name": "knn_coordinates", "title": "nearest neighbours", "chosen": None}
    run = make_run_folder(map_model_choice=choice)
    head, _, _ = run.report_html.partition("<nav")

    assert run.content.beaten.statement in head
    assert [skill.name for skill in run.content.beaten.by] == ["espa", "logistic", "prevalence"]


def test_the_best_model_is_not_said_to_be_beaten(content, report) -> None:
    assert content.beaten is None
    assert "beaten" not in report.partition("<nav")[0]


def test_the_leak_alarm_tells_what_it_looked_for(make_report, report) -> None:
    assert "3 signs of leaks were looked for, none found." in report
    assert "buffer removed; score above the limit." in report
    assert "2 signs of leaks were looked for" in make_report(with_limit=False)
    assert "Leak alarm" not in report.partition("<nav")[0]


def test_a_leak_is_told_first_and_in_full(make_run_folder) -> None:
    finding = {"kind": "buffer removed", "statement": "spatial/0 has <none>.", "evidence": {"distance_m": math.nan}}
    run = make_run_folder(leaks={"checks": ["buffer removed"], "findings": [finding]})
    head, _, body = run.report_html.partition("<nav")

    assert "2 signs of leaks were looked for, 1 found." in head
    assert "<strong>Buffer removed</strong>: spatial/0 has &lt;none&gt;." in body
    assert build_manifest(run.content)["leaks"] == {
        "statement": "2 signs of leaks were looked for, 1 found.",
        "checks": ["buffer removed", "score above the limit"],
        "findings": [finding | {"evidence": {"distance_m": None}}],
    }
