"""Makes test/fixtures/resized.json: what Pillow resizes images to, for test/engine/resize-bilinear.test.ts.

    python3 -m venv pillow && pillow/bin/pip install pillow==13.0.0 numpy
    pillow/bin/python scripts/make-resize-fixture.py

Noise of NumPy's seed 2017, resized bilinearly to squares in single precision (mode F). Pillow antialiases where a side
shrinks.
"""
import base64, json, os, sys

try:
    import numpy as np
    from PIL import Image
except ImportError as error:
    sys.exit(f"{error}. This script needs Python packages: pip install pillow==13.0.0 numpy")

encode = lambda array: base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()
random = np.random.default_rng(2017)


def case(height, width, size):
    pixels = random.integers(0, 256, (height, width)).astype("float32")
    resized = Image.fromarray(pixels, mode="F").resize((size, size), Image.Resampling.BILINEAR)
    return {"height": height, "width": width, "size": size, "pixels": encode(pixels), "resized": encode(resized)}


cases = [case(*sides) for sides in [(28, 28, 20), (28, 28, 27), (28, 28, 8), (9, 30, 16), (28, 28, 40)]]
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "fixtures", "resized.json")
with open(path, "w") as file:
    json.dump(cases, file)
    file.write("\n")
