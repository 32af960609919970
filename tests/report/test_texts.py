import pandas as pd

from entropice.report.texts import ModelText, SchemeText, ScoreText, Texts

DECLARED = Texts(
    models=(ModelText("b", "Second letter"), ModelText("a", "First letter"), ModelText("c", "Unused")),
    schemes=(SchemeText("spatial", "transfer skill"),),
    scores=(ScoreText("auc", "AUC"), ScoreText("ece", "ECE", bigger_is_better=False)),
)
SCORES = pd.DataFrame(
    {"model": ["zeta", "a", "b", "eta"], "scheme": ["spatial", "kNNDM"] * 2, "score": ["auc", "auc", "new", "auc"]}
)


def test_what_occurs_comes_in_declared_order_and_the_undeclared_last_under_its_own_name() -> None:
    found = DECLARED.of(SCORES)
    assert [(model.name, model.title) for model in found.models] == [
        ("b", "Second letter"), ("a", "First letter"), ("eta", "eta"), ("zeta", "zeta"),
    ]  # fmt: skip
    assert [scheme.title for scheme in found.schemes] == ["transfer skill", "kNNDM"]
    assert [score.title for score in found.scores] == ["AUC", "new"]
