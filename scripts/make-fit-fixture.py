"""Makes test/fixtures/fitted.json: what Pillow makes of images that are no squares, for test/data/pack/decode-image.test.ts.

    python3 -m venv pillow && pillow/bin/pip install pillow==13.0.0 numpy
    pillow/bin/python scripts/make-fit-fixture.py

Smooth waves with noise of NumPy's seed 2017, so that a picture has both what a photo has: even parts and fine grain. Each
is written as a PNG and made a square in three ways. crop: the largest centred square, by `box`, whose sides may be at half
pixels. stretch: the whole. pad: the whole at its proportions, sides rounded to whole pixels and at least 1, centred on a
grey of 77; the odd pixel is at the right and below. Pillow resizes bilinearly and antialiases where a side shrinks.
"""
import base64, io, json, math, os, sys

try:
    import numpy as np
    from PIL import Image
except ImportError as error:
    sys.exit(f"{error}. This script needs Python packages: pip install pillow==13.0.0 numpy")

random = np.random.default_rng(2017)
bilinear = Image.Resampling.BILINEAR


def picture(width, height):
    y, x = np.mgrid[:height, :width]
    waves = [x / width, y / height, (x + y) / (width + height)]
    pixels = np.stack([128 + 100 * np.sin(3 + 5 * (channel + 1) * wave) for channel, wave in enumerate(waves)], -1)
    pixels += random.integers(-20, 21, pixels.shape)
    return Image.fromarray(np.clip(pixels, 0, 255).astype("uint8"))


def fitted(image, side, fit):
    width, height = image.size
    if fit == "stretch":
        return image.resize((side, side), bilinear)
    if fit == "crop":
        least = min(width, height)
        left, top = (width - least) / 2, (height - least) / 2
        return image.resize((side, side), bilinear, box=(left, top, left + least, top + least))
    scale = side / max(width, height)
    inner = [max(1, math.floor(length * scale + 0.5)) for length in (width, height)]
    result = Image.new("RGB", (side, side), (77, 77, 77))
    result.paste(image.resize(inner, bilinear), [(side - length) // 2 for length in inner])
    return result


def case(width, height, side):
    image, file = picture(width, height), io.BytesIO()
    image.save(file, "PNG")
    encode = lambda data: base64.b64encode(data).decode()
    results = {fit: encode(fitted(image, side, fit).tobytes()) for fit in ("crop", "stretch", "pad")}
    return {"width": width, "height": height, "side": side, "png": encode(file.getvalue()), **results}


shrinking = [(96, 96, 28), (60, 40, 32), (41, 60, 28), (121, 48, 32), (37, 110, 24), (200, 100, 16)]
enlarging = [(16, 16, 28), (24, 18, 32), (9, 30, 32), (30, 7, 32)]
mixed = [(60, 20, 32), (25, 64, 32), (200, 1, 16)]  # one side shrinks and the other grows
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "fixtures", "fitted.json")
with open(path, "w") as file:
    json.dump([case(*sides) for sides in [*shrinking, *enlarging, *mixed]], file)
    file.write("\n")
