"""Makes test/fixtures/metrics.json: what scikit-learn computes from labels and predictions, for the tests of the metrics.

    python3 -m venv metrics && metrics/bin/pip install scikit-learn==1.9.1 numpy==2.4.6
    metrics/bin/python scripts/make-metric-fixtures.py

Logits are drawn with NumPy's seed 2017 and rounded to four decimals. No image has two equal ones in single precision, so
predictions and the five best classes are unique. Classes without images are left out of the means over classes
(`macroF1`, `balancedAccuracy`), and their class weight is null. `top5Accuracy` is null below six classes.
"""
import json, os, sys, warnings

try:
    import numpy as np
    from sklearn import metrics
    from sklearn.utils.class_weight import compute_class_weight
except ImportError as error:
    sys.exit(f"{error}. This script needs Python packages: pip install scikit-learn==1.9.1 numpy==2.4.6")

rng = np.random.default_rng(2017)
# What balanced_accuracy_score says where a prediction is a class without images: it does leave that class out.
warnings.filterwarnings("ignore", message="y_pred contains classes not in y_true")


def draw_logits(labels, classes, skill, never):
    """Noise, `skill` more for the label; classes in `never` are predicted for no image."""
    logits = rng.standard_normal((len(labels), classes))
    logits[np.arange(len(labels)), labels] += skill
    logits[:, list(never)] -= 20
    logits = logits.round(4).astype("float32")
    ties = any(len(np.unique(row)) < classes for row in logits)
    return draw_logits(labels, classes, skill, never) if ties else logits


def make_wrong(logits, labels):
    """Exchanges the two largest logits of every image that is right."""
    for row, label in zip(logits, labels):
        second, first = np.argsort(row)[-2:]
        if first == label:
            row[[first, second]] = row[[second, first]]


def case(name, images, skill=1.5, never=(), all_wrong=False):
    """`images` is how many each class has."""
    classes = len(images)
    labels = rng.permutation(np.repeat(np.arange(classes), images))
    logits = draw_logits(labels, classes, skill, never)
    if all_wrong:
        make_wrong(logits, labels)
    predictions = logits.argmax(1)
    assert not set(never) & set(predictions)
    present = np.unique(labels)
    weights = dict(zip(present.tolist(), compute_class_weight("balanced", classes=present, y=labels).tolist()))
    top5 = metrics.top_k_accuracy_score(labels, logits, k=5, labels=np.arange(classes)) if classes >= 6 else None
    return dict(
        name=name,
        classes=classes,
        labels=labels.tolist(),
        predictions=predictions.tolist(),
        logits=[[float(str(logit)) for logit in row] for row in logits],
        accuracy=metrics.accuracy_score(labels, predictions),
        balancedAccuracy=metrics.balanced_accuracy_score(labels, predictions),
        macroF1=metrics.f1_score(labels, predictions, average="macro", labels=present, zero_division=0),
        top5Accuracy=top5,
        classWeights=[weights.get(label) for label in range(classes)],
    )


cases = [
    case("2 classes, balanced", [25, 25]),
    case("2 classes, imbalanced", [56, 6], skill=1),
    case("2 classes, one never predicted", [20, 12], never=[1]),
    case("3 classes, balanced", [16, 16, 16], skill=1),
    case("3 classes, imbalanced, one without images", [40, 0, 13], skill=1),
    case("5 classes, all wrong", [9, 9, 9, 9, 9], all_wrong=True),
    case("6 classes, balanced", [9] * 6),
    case("6 classes, perfect", [12, 8, 6, 4, 3, 2], skill=20),
    case("7 classes, one with images", [0, 0, 0, 30, 0, 0, 0], skill=1),
    case("10 classes, balanced", [8] * 10),
    case("10 classes, imbalanced", [31, 20, 13, 8, 5, 4, 3, 2, 1, 1], skill=2),
    case("10 classes, two without images, three never predicted", [14, 0, 9, 8, 7, 0, 6, 5, 12, 10], never=[2, 5, 9]),
    case("10 classes, all wrong, imbalanced", [20, 1, 9, 3, 3, 2, 7, 8, 1, 2], skill=1, all_wrong=True),
    case("12 classes, imbalanced", [25, 17, 12, 8, 6, 5, 4, 3, 2, 2, 1, 1]),
]
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "fixtures", "metrics.json")
with open(path, "w") as file:
    json.dump(cases, file, default=float, separators=(",", ":"))
    file.write("\n")
