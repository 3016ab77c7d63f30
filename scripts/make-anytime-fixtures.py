"""Makes test/fixtures/anytime.json: what SciPy computes, for test/report/statistics/anytime.test.ts.

    python3 -m venv statistics && statistics/bin/pip install scipy==1.17.1
    statistics/bin/python scripts/make-anytime-fixtures.py

Twelve examples of paired differences and four of seeds x images, then a hundred and twenty random ones, drawn with NumPy's
seed 2017. The formulas are written in other forms than the program's: e-values from sums of differences and of squares
(Wang and Ramdas 2023, theorem 4.9), the one-sided one by integrating the ratio of noncentral t densities over a half-normal
effect size, intervals as roots of the e-value, mean squares from the whole table.
"""
import json, math, os, sys

try:
    import numpy as np
    from scipy import integrate, optimize, stats
except ImportError as error:
    sys.exit(f"{error}. This script needs Python packages: pip install scipy==1.17.1")

ALPHA, FIRST_LOOK, LAMBDAS, ROUNDING = 0.05, 6, (1.0, 3.0), 1e-9
rng = np.random.default_rng(2017)


def log_e(total, squares, n):
    """Against a mean of 0, from the sum of the differences and that of their squares."""
    return 0.5 * math.log(1 / (n + 1)) + n / 2 * math.log((n + 1) * squares / ((n + 1) * squares - total**2))


def log_e_of_t(t, n):
    return log_e(t * math.sqrt(n), n - 1 + t * t, n)  # of a sample with mean t/sqrt(n) and standard deviation 1


def log_e_one(t, n):
    """Against a mean of 0 or less."""
    u = t * t / (n - 1)
    q = n / (n + 1) * u / (1 + u / (n + 1))
    return math.log(2) - 0.5 * math.log(n + 1) + n / 2 * math.log1p(q) + stats.t.logcdf(math.copysign(math.sqrt(n * q), t), n)


def integrated_log_e_one(t, n):
    """The same by definition: the likelihood ratio of t, averaged over effects delta ~ |N(0, 1)|."""
    ratio = lambda delta: 2 * stats.norm.pdf(delta) * stats.nct.pdf(t, n - 1, delta * math.sqrt(n)) / stats.t.pdf(t, n - 1)
    return math.log(integrate.quad(ratio, 0, 12, limit=500, epsabs=0, epsrel=1e-10)[0])


for n, t in ((6, 2.0), (10, -1.5), (20, 3.0)):
    assert abs(log_e_one(t, n) - integrated_log_e_one(t, n)) < 1e-6, (n, t)


def critical_t(n, alpha):
    limit = (n - 1) / 2 * math.log(n + 1)
    if limit <= -math.log(alpha):
        return None
    return optimize.brentq(lambda t: log_e_of_t(t, n) + math.log(alpha), 0, 1e6, xtol=1e-14, rtol=8.9e-16, maxiter=1000)


def sign_flip(d, signs):
    """log E of every prefix."""
    squares = np.cumsum(d * d)
    u = np.divide(d, np.sqrt(squares / np.arange(1, len(d) + 1)), out=np.zeros_like(d), where=squares > 0)
    terms = [np.cumsum(s * l * u - np.logaddexp(l * u, -l * u) + math.log(2)) for l in LAMBDAS for s in signs]
    return np.logaddexp.reduce(terms, axis=0) - math.log(len(terms))


def is_degenerate(d):
    return np.ptp(d) <= ROUNDING * np.max(np.abs(d))


def follow(d, margin):
    d = np.array(d, float)
    both = sign_flip(d, (1, -1))
    looks, largest, low, high = [], dict(t=0.0, flip=0.0, below=0.0, above=0.0), -math.inf, math.inf
    for n in range(1, len(d) + 1):
        x = d[:n]
        mean = float(np.mean(x))
        sd = float(np.std(x, ddof=1)) if n > 1 else None
        varies = not is_degenerate(x)
        t = mean / sd * math.sqrt(n) if varies else None
        if n == 1:
            own = 0.0
        elif varies:
            own = log_e(float(np.sum(x)), float(np.sum(x * x)), n)
        else:
            own = (n - 1) / 2 * math.log(n + 1) if np.any(x) else -0.5 * math.log(n + 1)
        critical = critical_t(n, ALPHA) if n > 1 else None
        interval = None
        if varies and critical is not None:
            interval = [mean - critical * sd / math.sqrt(n), mean + critical * sd / math.sqrt(n)]
        if n >= FIRST_LOOK:
            largest["t"] = max(largest["t"], own)
            largest["flip"] = max(largest["flip"], float(both[n - 1]))
            if interval:
                low, high = max(low, interval[0]), min(high, interval[1])
            if margin is not None:
                if varies:
                    below, above = (log_e_one(v / sd * math.sqrt(n), n) for v in (margin - mean, mean + margin))
                else:
                    below, above = (float(sign_flip(v, (1,))[-1]) for v in (margin - x, x + margin))
                largest["below"], largest["above"] = max(largest["below"], below), max(largest["above"], above)
        looks.append(
            dict(
                n=n,
                mean=mean,
                sd=sd,
                t=t,
                logE=own,
                logSignFlipE=float(both[n - 1]),
                interval=interval,
                runningInterval=None if low == -math.inf else [low, high],
                anytimeP=max(math.exp(-largest["t"]), math.exp(-largest["flip"])),
                equivalenceP=None if margin is None else max(math.exp(-largest["below"]), math.exp(-largest["above"])),
            )
        )
    return looks


def paired(name, d, margin):
    looks = follow(d, margin)
    kept = looks if name in EXAMPLES or len(looks) <= 4 else [looks[-1]] if len(looks) < 13 else [looks[n - 1] for n in (5, 6, 13, len(looks))]
    return dict(name=name, differences=list(map(float, d)), margin=margin, looks=kept)


EXAMPLES = {
    "clear gain": ([0.012, 0.009, 0.015, 0.011, 0.008, 0.013], 0.005),
    "modest gain": ([0.004, 0.006, -0.001, 0.005, 0.003, 0.007, 0.002, 0.004, 0.006, 0.001], 0.005),
    "no difference": ([0.001, -0.002, 0.0005, 0.0015, -0.001, 0.002, -0.0015, 0.0005, -0.0005, 0.001, 0, -0.001], 0.003),
    "worse": ([-0.02, -0.015, -0.03, -0.01, -0.025, -0.018, -0.022, -0.012], 0.005),
    "mixed": ([0.02, -0.015, 0.01, -0.02, 0.005, 0.018, -0.01, 0.003], 0.005),
    "outlier": ([0.01, 0.012, 0.009, 0.011, 0.01, 0.012, 0.2, 0.011], 0.005),
    "one loser": ([0.01, 0.012, -0.009, 0.011, 0.01, 0.012, 0.009, 0.011, 0.013, 0.01], None),
    "all equal": ([0.003] * 7, 0.005),
    "all zero": ([0.0] * 6, 0.002),
    "five seeds": ([0.01, 0.011, 0.012, 0.01, 0.011], 0.005),
    "counts of 2000 images": ([k / 2000 for k in (3, 5, -1, 4, 2, 6, 0, 3, 4, 5, 2, 1, 3, 4, 2, 3)], 0.0025),
    "better, inside the margin": ([0.002, 0.0025, 0.0018, 0.0022, 0.0021, 0.0019, 0.0024, 0.0023, 0.002, 0.0021], 0.004),
}


def draw_paired(index):
    n = int(rng.integers(1, 61))
    scale = float(10 ** rng.uniform(-4, 1))
    effect = float(rng.choice([0, 0.5, 1, 2, -1]))
    kind = ("normal", "images", "skewed", "heavy", "equal")[int(rng.choice(5, p=[0.35, 0.25, 0.2, 0.15, 0.05]))]
    if kind == "normal":
        d = (rng.normal(size=n) + effect) * scale
    elif kind == "images":
        d = np.round((rng.normal(size=n) + effect) * 3) / 2000
    elif kind == "skewed":
        d = (rng.exponential(size=n) - 1 + effect) * scale
    elif kind == "heavy":
        d = (rng.standard_t(2, size=n) + effect) * scale
    else:
        d = np.full(n, effect * scale)
    spread = float(np.std(d)) or scale
    margin = None if rng.random() < 0.3 else float(rng.uniform(0.3, 2)) * spread
    return paired(f"{kind} {index}", d, margin)


def images(name, own, baseline):
    """Tables of right (1) and wrong (0), seeds x images."""
    d = own.astype(float) - baseline.astype(float)
    s, i = d.shape
    grand, rows, columns = d.mean(), d.mean(1), d.mean(0)
    ms_seeds = i * np.sum((rows - grand) ** 2) / (s - 1)
    ms_images = s * np.sum((columns - grand) ** 2) / (i - 1)
    residual = d - rows[:, None] - columns[None, :] + grand
    ms_residual = np.sum(residual**2) / ((s - 1) * (i - 1))
    from_images = max(ms_images - ms_residual, 0)
    variance = (ms_seeds + from_images) / (s * i)
    spread = ms_seeds**2 / (s - 1) + ms_images**2 / (i - 1) + ms_residual**2 / ((s - 1) * (i - 1))
    df = (ms_seeds + from_images) ** 2 / spread
    half = stats.t.ppf(0.975, df) * math.sqrt(variance)
    critical = critical_t(s, ALPHA)
    floor = stats.norm.ppf(0.975) * math.sqrt(from_images / (s * i))
    hybrid = None if critical is None else math.sqrt(critical**2 * ms_seeds / (s * i) + floor**2)
    pack = lambda row: np.packbits(row.astype(np.uint8), bitorder="little").tobytes().hex()
    return dict(
        name=name,
        images=i,
        own=[pack(row) for row in own],
        baseline=[pack(row) for row in baseline],
        mean=grand,
        msSeeds=ms_seeds,
        msImages=ms_images,
        msResidual=ms_residual,
        degreesOfFreedom=df,
        interval=[grand - half, grand + half],
        anytimeInterval=None if hybrid is None else [grand - hybrid, grand + hybrid],
        floor=floor,
        share=from_images / (s * i) / variance,
    )


def congruent(kind, seeds, count):
    s, i = np.meshgrid(np.arange(seeds), np.arange(count), indexing="ij")
    return dict(
        base=(i * i + 3 * s * i + 7 * s) % 101 < 91,
        cell=(i * i + 3 * s * i + 7 * s + 5 * (i % 3) + 2 * s) % 101 < 93,
        hard=(i * i + 11 * (s % 2) * (i % 7)) % 101 < 91,
    )[kind]


def draw_images(index):
    s, i = int(rng.integers(2, 13)), int(rng.integers(5, 400))
    ease = rng.normal(1.2, 1, size=i)
    right = lambda shift: ease + shift + 0.6 * rng.normal(size=(s, i)) + 0.1 * rng.normal(size=(s, 1)) > 0
    return images(f"random {index}", right(rng.uniform(-0.3, 0.3)), right(0))


def projection(mean, sd, n, alpha, margin, limit=1000):
    first = lambda settled: next((k for k in range(max(n + 1, FIRST_LOOK), limit + 1) if settled(k)), None)

    def differs(size):
        # The e-value grows with t: it has reached 1/alpha where |t| has reached the critical one.
        return first(lambda k: log_e_of_t(size / sd * math.sqrt(k), k) >= -math.log(alpha))

    small = abs(mean) - sd / math.sqrt(n)
    inside = lambda k: all(log_e_one(v / sd * math.sqrt(k), k) >= -math.log(alpha) for v in (margin - mean, margin + mean))
    return dict(
        input=dict(mean=mean, sd=sd, n=n, alpha=alpha, margin=margin, limit=limit),
        output=dict(
            seeds=differs(abs(mean)),
            ifLarger=differs(abs(mean) + sd / math.sqrt(n)),
            ifSmaller=differs(small) if small > 0 else None,
            toEquivalence=first(inside),
        ),
    )


def smallest_decidable(comparisons):
    for n in range(FIRST_LOOK, 100):
        signs = sign_flip(np.ones(n), (1, -1))[-1]
        if min((n - 1) / 2 * math.log(n + 1), signs) >= math.log(comparisons / ALPHA):
            return n


def detectable(n, comparisons):
    alpha = ALPHA / comparisons
    difference, margin = critical_t(n, alpha), critical_t(n, 2 * alpha)
    told = difference is not None and n >= smallest_decidable(comparisons)
    return dict(
        n=n,
        comparisons=comparisons,
        difference=(difference + stats.norm.ppf(0.8)) / math.sqrt(n) if told else None,
        margin=None if margin is None else (margin + stats.norm.ppf(0.9)) / math.sqrt(n),
    )


fixture = dict(
    paired=[paired(name, *example) for name, example in EXAMPLES.items()] + [draw_paired(k) for k in range(100)],
    criticalT=[
        dict(n=n, alpha=alpha, t=critical_t(n, alpha)) for n in (4, 5, 6, 7, 8, 10, 12, 20, 40, 100) for alpha in (0.05, 0.025, 0.05 / 3, 0.1)
    ],
    smallestDecidable=[dict(comparisons=m, seeds=smallest_decidable(m)) for m in (1, 2, 3, 4, 5, 6, 8, 10, 12, 20)],
    detectable=[detectable(n, m) for m in (1, 3, 10) for n in (6, 8, 10, 12, 15, 20, 30, 40)],
    projections=[
        projection(*case)
        for case in (
            (0.004, 0.005, 6, 0.05, 0.006),
            (0.002, 0.003, 10, 0.05 / 3, 0.004),
            (0.0005, 0.004, 8, 0.05, 0.004),
            (0.01, 0.004, 6, 0.05, 0.005),
            (-0.003, 0.004, 12, 0.025, 0.01),
        )
    ],
    images=[
        images("cell-base 6x2000", congruent("cell", 6, 2000), congruent("base", 6, 2000)),
        images("hard-base 8x1000", congruent("hard", 8, 1000), congruent("base", 8, 1000)),
        images("cell-hard 6x10000", congruent("cell", 6, 10000), congruent("hard", 6, 10000)),
    ]
    + [draw_images(k) for k in range(20)],
)
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../test/fixtures/anytime.json")
with open(path, "w") as file:
    json.dump(fixture, file, default=float, separators=(",", ":"))
    file.write("\n")
