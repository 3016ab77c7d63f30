"""Makes test/fixtures/statistics.json: what SciPy and statsmodels compute, for test/report/statistics/statistics.test.ts.

    python3 -m venv statistics && statistics/bin/pip install scipy==1.17.1 statsmodels==0.15.0
    statistics/bin/python scripts/make-statistics-fixtures.py

Pairs of samples as the program meets them: accuracies, in steps of 1/10,000 (a test set's images) so that ties and
zero differences occur, and losses. Drawn with NumPy's seed 2017. The exact test is SciPy's permutation test over
all sign patterns; on accuracies it is given the counts of right images, whose sums have no rounding errors, where
the program sees fractions. SciPy would take hours beyond 20 pairs: there Python's integers count the patterns.
"""
import collections, json, os, sys

try:
    import numpy as np
    from scipy import stats
    from statsmodels.stats.multitest import multipletests
except ImportError as error:
    sys.exit(f"{error}. This script needs Python packages: pip install scipy==1.17.1 statsmodels==0.15.0")

rng = np.random.default_rng(2017)
images = 10_000


def difference_of_means(a, b, axis):
    return np.mean(a - b, axis=axis)


def sign_flip(a, b):
    if len(a) > 20:
        return count_patterns(a - b)
    result = stats.permutation_test(
        (a, b), difference_of_means, permutation_type="samples", vectorized=True, n_resamples=np.inf, batch=100_000
    )
    return float(result.pvalue)


def count_patterns(differences):
    """Integers only: how many sign patterns lead to each sum."""
    counts = collections.Counter({0: 1})
    for d in map(int, differences):
        following = collections.Counter()
        for total, patterns in counts.items():
            following[total + d] += patterns
            following[total - d] += patterns
        counts = following
    observed = abs(int(np.sum(differences)))
    return sum(n for total, n in counts.items() if abs(total) >= observed) / 2 ** len(differences)


def sample(name, a, b, exact):
    test = stats.ttest_rel(a, b)
    low, high = test.confidence_interval(0.95)
    difference = a - b
    return {
        "name": name,
        "a": a.tolist(),
        "b": b.tolist(),
        "mean": float(np.mean(difference)),
        "sd": float(stats.tstd(difference)),
        "interval": [float(low), float(high)],
        "tP": float(test.pvalue),
        "exactP": exact,
        "dz": float(np.mean(difference) / stats.tstd(difference)),
    }


def accuracies(n, effect):
    """Counts of right images; `effect` in standard deviations of one training."""
    a = rng.binomial(images, 0.82, n) + np.rint(rng.normal(0, 30, n) + 30 * effect)
    return a.astype(int), rng.binomial(images, 0.82, n) + np.rint(rng.normal(0, 30, n)).astype(int)


samples = []
for n in [2, 3, 5, 6, 7, 8, 11, 16, 20, 25, 30]:
    for effect in [0, 2]:
        a, b = accuracies(n, effect)
        samples.append(sample(f"{n} accuracies, effect {effect}", a / images, b / images, sign_flip(a, b)))
for name, a, b in [
    ("one difference is zero", [8200, 8250, 8300, 8210, 8190, 8230], [8200, 8210, 8290, 8150, 8170, 8220]),
    ("many patterns tie", [8210, 8220, 8210, 8220, 8190, 8210, 8210], [8200] * 7),
    ("the mean is zero", [8210, 8220, 8190, 8180], [8200] * 4),
    ("one of six disagrees", [8260, 8250, 8270, 8240, 8260, 8195], [8200] * 6),
    ("hardly any spread", [8300, 8300, 8300, 8300, 8300, 8301], [8200] * 6),
]:
    a, b = np.array(a), np.array(b)
    samples.append(sample(name, a / images, b / images, sign_flip(a, b)))
for n in [4, 6, 12]:
    a, b = rng.gamma(20, 0.02, n), rng.gamma(20, 0.02, n)
    samples.append(sample(f"{n} losses", a, b, sign_flip(a, b)))

families = [[s["tP"] for s in samples], [0.04], [0.01, 0.04, 0.03, 0.005], [0.02, 0.02, 0.9, 1.0], [0.5, 0.6, 0.7]]
fixture = {
    "samples": samples,
    "quantiles": [{"df": df, "t": float(stats.t.ppf(0.975, df))} for df in [*range(1, 31), 49, 99, 199, 999]],
    "tails": [
        {"df": df, "t": t, "p": float(2 * stats.t.sf(t, df))}
        for df in [1, 2, 3, 4, 5, 9, 19, 49, 199]
        for t in [0.01, 0.5, 1.0, 2.0, 2.571, 5.0, 12.0, 40.0]
    ],
    "families": [{"p": p, "holm": multipletests(p, method="holm")[1].tolist()} for p in families],
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "fixtures", "statistics.json")
with open(path, "w") as file:
    json.dump(fixture, file, indent=1)
    file.write("\n")
