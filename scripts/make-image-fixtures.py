"""Makes test/fixtures/images: small right, damaged and unreadable image files, and in expected.json what Pillow reads.

    python3 -m venv pillow && pillow/bin/pip install pillow==13.0.0 numpy
    pillow/bin/python scripts/make-image-fixtures.py

How they are made: Pillow writes what it can, at sides of 8 to 40 pixels, of one drawn scene with noise of NumPy's seed
2017. By hand, in `png()`: PNGs of 16 bits a channel, with a colour key, interlaced, and the one of 900 million pixels. By
changing the bytes that Pillow wrote: YCCK (the four planes are converted here, the Adobe marker's last byte says so),
CMYK without an Adobe marker, odd but complete JPEGs, and everything damaged. The second colour profile and the grey one
are written in `profile()`. The HEIC is only the beginning of one, for there is no encoder here. Python's zlib compresses
what is made by hand: another version may write other bytes, never other pixels.

good: `rgb` are the pixels, row by row, in base64. They are what Pillow decodes after ImageOps.exif_transpose, of the first
frame or page, with these rules. 16 bits: the high byte. Palette: its colours. CMYK: round((255 - C)(255 - K) / 255) after
undoing Adobe's inversion, as Pillow does it. Transparent pixels: over white, round((c a + 255 (255 - a)) / 255) of the
8-bit values (a half cannot occur). Colour profiles are not applied. `facts` tell how the file stores them: orientation
1 to 8 (1 where there is none, or none that is valid), Pillow's mode, bits of a channel (of an index for palettes),
isGrey for one grey channel (a grey palette is not), hasProfile for a colour profile. Where the source is known and the
format loses nothing, this script checks that Pillow gives it back, turned as the EXIF standard says.

damaged: files that lost or changed some bytes, or never were an image. unreadable: whole files of kinds that the program
does not read, and one that is too large. `why` says what is wrong with each. `isSilent`: the file is a valid one of other
pixels, as a JPEG has no checksums, and neither Pillow nor libvips says a word.
"""
import base64, io, json, os, shutil, struct, sys, zlib

try:
    import numpy as np
    from PIL import Image, ImageCms, ImageOps
except ImportError as error:
    sys.exit(f"{error}. This script needs Python packages: pip install pillow==13.0.0 numpy")

root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "fixtures", "images")
random = np.random.default_rng(2017)
expected = {"good": {}, "damaged": {}, "unreadable": {}}


# --- Drawing


def scene(width, height):
    """RGB without any symmetry: red grows to the right, green downwards, blue in blocks; the upper left corner is white."""
    y, x = np.mgrid[:height, :width]
    red, green = 255 * x / max(width - 1, 1), 255 * y / max(height - 1, 1)
    blue = np.where((x // 8 + y // 8) % 2 == 0, 200, 40)
    pixels = np.stack([red, green, blue], -1) + random.integers(-12, 13, (height, width, 3))
    pixels[: height // 4, : width // 4] = 255
    return np.clip(pixels, 0, 255).astype("uint8")


def alpha_of(width, height):
    """In four bands from the left: transparent, half transparent, growing to the right, opaque."""
    x = np.broadcast_to(np.arange(width) * 4 / width, (height, width))
    return np.select([x < 1, x < 2, x < 3], [0, 128, 255 * (x - 2)], 255).astype("uint8")


def over_white(pixels, alpha):
    a = alpha[..., None].astype(int)
    return ((2 * (pixels * a + 255 * (255 - a)) + 255) // 510).astype("uint8")


def turned(pixels, orientation):
    """As the table of EXIF's tag 274 has it: which edges of the scene the stored first row and first column are."""
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)  # the first row is the left edge (5, 8) or the right one
    flips_rows, flips_columns = {3: (1, 1), 4: (1, 0), 2: (0, 1), 6: (0, 1), 7: (1, 1), 8: (1, 0)}.get(orientation, (0, 0))
    pixels = pixels[::-1] if flips_rows else pixels
    return pixels[:, ::-1] if flips_columns else pixels


# --- Writing


def written(pixels, format, mode=None, **options):
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels, mode)
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def exif(orientation, endian="<"):
    tags = Image.Exif()
    tags.endian = endian
    tags[0x0112] = orientation
    return tags.tobytes()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, bits, colour, rows, between=b"", interlaced=False):
    """`rows` are bytes, one for each row, of each of the seven passes where it is interlaced."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, int(interlaced))
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(b"\0" + row) for row in rows) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + between + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def interlaced_rows(pixels):
    for y0, x0, down, right in [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]:
        for row in pixels[y0::down, x0::right]:
            if len(row) > 0:
                yield row.tobytes()


def png_chunks(data):
    """Of each chunk its kind, and where it begins and ends."""
    at = 8
    while at < len(data):
        end = at + 12 + struct.unpack_from(">I", data, at)[0]
        yield data[at + 4 : at + 8], at, end
        at = end


def jpeg_segments(data):
    """Of each segment up to the scan's its marker, and where it begins and ends."""
    at = 2
    while True:
        marker, length = struct.unpack_from(">xBH", data, at)
        yield marker, at, at + 2 + length
        at += 2 + length
        if marker == 0xDA:
            return


def segment(data, wanted):
    return next((at, end) for marker, at, end in jpeg_segments(data) if marker == wanted)


def flipped(data, places):
    data = bytearray(data)
    for place in places:
        data[place] ^= 0xFF
    return bytes(data)


def profile(space, tags):
    """An ICC profile, version 2.1, of Adobe RGB's white and what `tags` add."""
    fixed = lambda *values: b"".join(struct.pack(">i", round(value * 65536)) for value in values)
    gamma = lambda value: b"curv" + struct.pack(">IIH", 0, 1, round(value * 256)) + b"\0\0"
    name = b"fixture\0"
    data = {
        b"desc": b"desc" + struct.pack(">II", 0, len(name)) + name + bytes(78 + 1),
        b"cprt": b"text" + bytes(4) + b"none\0" + bytes(3),
        b"wtpt": b"XYZ " + bytes(4) + fixed(0.9642, 1, 0.8249),
    }
    for tag, value in tags.items():
        data[tag] = gamma(value) if tag.endswith(b"TRC") else b"XYZ " + bytes(4) + fixed(*value)
    at, table, body = 128 + 4 + 12 * len(data), struct.pack(">I", len(data)), b""
    for tag, value in data.items():
        value += bytes(-len(value) % 4)
        table += tag + struct.pack(">II", at + len(body), len(value))
        body += value
    size = 128 + len(table) + len(body)
    header = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x02100000, b"mntr", space, b"XYZ ") + bytes(12) + b"acsp"
    header += bytes(28) + fixed(0.9642, 1, 0.8249)
    result = header + bytes(128 - len(header)) + table + body
    ImageCms.ImageCmsProfile(io.BytesIO(result))  # throws where this is none
    return result


# --- Keeping


def keep(folder, name, data):
    with open(os.path.join(root, folder, name), "xb") as file:
        file.write(data)


def decoded(image):
    """RGB by the rules at the top."""
    if image.mode.startswith("I;16"):
        grey = (np.asarray(image) >> 8).astype("uint8")
        return np.repeat(grey[..., None], 3, -1)
    if image.has_transparency_data:
        rgba = np.asarray(image.convert("RGBA"))
        return over_white(rgba[..., :3], rgba[..., 3])
    return np.asarray(image.convert("RGB"))


def good(name, data, bits=8, orientation=1, pixels=None, **others):
    """`pixels`: what must come out, where that is known."""
    keep("good", name, data)
    image = Image.open(io.BytesIO(data))
    mode, transparent, icc = image.mode, image.has_transparency_data, "icc_profile" in image.info
    rgb = decoded(ImageOps.exif_transpose(image))
    if pixels is not None and not np.array_equal(rgb, pixels):
        sys.exit(f"{name}: Pillow decodes other pixels than were written")
    flags = {"hasAlpha": transparent, "isPalette": mode == "P", "isGrey": mode in ("1", "L", "LA", "I;16"), "isCmyk": mode == "CMYK"}
    for flag, value in flags.items():
        if others.get(flag, False) != value:
            sys.exit(f"{name}: Pillow's mode is {mode}, and {flag} must be {value}")
    facts = {"orientation": orientation, "mode": mode, "bits": bits, **flags, "hasProfile": icc}
    height, width, _ = rgb.shape
    expected["good"][name] = {"width": width, "height": height, "facts": facts, "rgb": base64.b64encode(rgb.tobytes()).decode()}


def damaged(name, data, why, is_silent=False):
    keep("damaged", name, data)
    expected["damaged"][name] = {"why": why, "isSilent": is_silent}


def unreadable(name, data, why):
    keep("unreadable", name, data)
    expected["unreadable"][name] = {"why": why}


for folder in expected:
    shutil.rmtree(os.path.join(root, folder), ignore_errors=True)
    os.makedirs(os.path.join(root, folder))

rgb = scene(24, 16)
grey = np.asarray(Image.fromarray(rgb).convert("L"))
alpha = alpha_of(24, 16)
hidden = rgb.copy()
hidden[alpha == 0] = (255, 0, 255)  # nobody must see this
second = Image.fromarray(255 - rgb)  # a second frame: its colours are the opposite
of_grey = lambda pixels: np.repeat(pixels[..., None], 3, -1)

# --- Right: JPEG

jpeg = written(rgb, "JPEG", quality=90)
good("rgb.jpg", jpeg)
good("rgb-444.jpg", written(rgb, "JPEG", quality=95, subsampling=0))
good("rgb-stored-as-rgb.jpg", written(rgb, "JPEG", quality=95, keep_rgb=True))
good("grey.jpg", written(grey, "JPEG", quality=90), isGrey=True)
good("progressive.jpg", written(rgb, "JPEG", quality=90, progressive=True))
good("restart-markers.jpg", written(rgb, "JPEG", quality=90, restart_marker_blocks=1))
good("tall.jpg", written(scene(8, 40), "JPEG", quality=90))
good("wide.jpg", written(scene(40, 8), "JPEG", quality=90))
good("1x1.jpg", written(rgb[:1, :1], "JPEG", quality=90))
good("UPPERCASE.JPG", jpeg)
good("jpeg-named.png", jpeg)
good("followed-by-500-zeros.jpg", jpeg + bytes(500))
good("16-zeros-before-its-end.jpg", jpeg[:-2] + bytes(16) + jpeg[-2:])  # as some cameras pad
start, end = segment(jpeg, 0xDA)
good("scan-with-odd-parameters.jpg", jpeg[: end - 2] + b"\0" + jpeg[end - 1 :])  # says 0 to 0, as some phones do

for orientation in range(1, 9):
    endian = "<" if orientation <= 4 else ">"
    data = written(rgb, "JPEG", quality=90, exif=exif(orientation, endian))
    stored = np.asarray(Image.open(io.BytesIO(data)))
    good(f"orientation-{orientation}.jpg", data, orientation=orientation, pixels=turned(stored, orientation))
good("orientation-9.jpg", written(rgb, "JPEG", quality=90, exif=exif(9)))  # there is no 9: not turned

cmyk = np.concatenate([255 - rgb, (alpha // 2)[..., None]], -1)
cmyk_jpeg = written(cmyk, "JPEG", "CMYK", quality=95)  # with an Adobe marker, inverted as Photoshop writes it
start, end = segment(cmyk_jpeg, 0xEE)
c, m, y, k = np.moveaxis(cmyk.astype(float), -1, 0)
luma = 0.299 * c + 0.587 * m + 0.114 * y
planes = [255 - luma, 127 - (y - luma) / 1.772, 127 - (c - luma) / 1.402, k]
ycck = written(np.clip(np.rint(np.stack(planes, -1)), 0, 255).astype("uint8"), "JPEG", "CMYK", quality=95)
good("cmyk.jpg", cmyk_jpeg, isCmyk=True)
good("cmyk-without-adobe-marker.jpg", cmyk_jpeg[:start] + cmyk_jpeg[end:], isCmyk=True)  # Pillow inverts it just so
good("ycck.jpg", ycck[: end - 1] + b"\2" + ycck[end:], isCmyk=True)

adobe_rgb = {b"rXYZ": (0.60974, 0.31111, 0.01947), b"gXYZ": (0.20528, 0.62567, 0.06087), b"bXYZ": (0.14919, 0.06322, 0.74457)}
wide_gamut = profile(b"RGB ", {**adobe_rgb, b"rTRC": 2.19921875, b"gTRC": 2.19921875, b"bTRC": 2.19921875})
srgb = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
srgb[24:36] = bytes(12)  # when it was made
good("profile-srgb.jpg", written(rgb, "JPEG", quality=90, icc_profile=bytes(srgb)))
good("profile-adobe-rgb.jpg", written(rgb, "JPEG", quality=90, icc_profile=wide_gamut))
good("profile-grey.jpg", written(grey, "JPEG", quality=90, icc_profile=profile(b"GRAY", {b"kTRC": 1.8})), isGrey=True)

# --- Right: PNG

high, low = rgb.astype(">u2") << 8, random.integers(0, 256, rgb.shape).astype(">u2")
rgb_16 = (high | low).astype(">u2")
rgba_16 = np.concatenate([(hidden.astype(">u2") << 8) | low, (alpha.astype(">u2") << 8 | low[..., 0])[..., None]], -1).astype(">u2")
grey_16 = ((grey.astype("uint16") << 8) | low[..., 0]).astype("uint16")
palette = Image.fromarray(rgb).quantize(200)
few = Image.fromarray(rgb).quantize(12)
key = bytes.fromhex("00ff00ff00ff")  # white
is_key = np.all(rgb == 255, -1)
good("rgb.png", written(rgb, "PNG"), pixels=rgb)
good("grey.png", written(grey, "PNG"), pixels=of_grey(grey), isGrey=True)
good("rgba.png", written(np.dstack([hidden, alpha]), "PNG"), pixels=over_white(rgb, alpha), hasAlpha=True)
good("grey-alpha.png", written(np.dstack([grey, alpha]), "PNG", "LA"), pixels=over_white(of_grey(grey), alpha), hasAlpha=True, isGrey=True)
good("palette.png", written(palette, "PNG"), pixels=np.asarray(palette.convert("RGB")), isPalette=True)
good("palette-4-bits.png", written(few, "PNG"), bits=4, pixels=np.asarray(few.convert("RGB")), isPalette=True)
of_index = np.array([0, 128, *[255] * 10], "uint8")
see_through = over_white(np.asarray(few.convert("RGB")), of_index[np.asarray(few)])
good("palette-transparent.png", written(few, "PNG", transparency=of_index.tobytes()), bits=4, pixels=see_through, hasAlpha=True, isPalette=True)
yellow = np.where(is_key[..., None], (255, 255, 0), rgb).astype("uint8")  # the key's colour, shown as white
data = png(24, 16, 8, 2, [row.tobytes() for row in yellow], chunk(b"tRNS", bytes.fromhex("00ff00ff0000")))
good("colour-key.png", data, pixels=rgb, hasAlpha=True)
good("grey-16-bits.png", written(grey_16, "PNG"), bits=16, pixels=of_grey(grey), isGrey=True)
good("rgb-16-bits.png", png(24, 16, 16, 2, [row.tobytes() for row in rgb_16]), bits=16, pixels=rgb)
good("rgba-16-bits.png", png(24, 16, 16, 6, [row.tobytes() for row in rgba_16]), bits=16, pixels=over_white(rgb, alpha), hasAlpha=True)
black = grey > 127
good("1-bit.png", written(Image.fromarray(black), "PNG"), bits=1, pixels=of_grey(np.where(black, 255, 0).astype("uint8")), isGrey=True)
good("interlaced.png", png(24, 16, 8, 2, interlaced_rows(rgb), interlaced=True), pixels=rgb)
good("animated.png", written(Image.fromarray(rgb), "PNG", save_all=True, append_images=[second]), pixels=rgb)
good("orientation-6.png", written(rgb, "PNG", exif=exif(6, ">")), orientation=6, pixels=turned(rgb, 6))
good("profile-adobe-rgb.png", written(rgb, "PNG", icc_profile=wide_gamut), pixels=rgb)
good("tall.png", written(scene(8, 40), "PNG"))
good("wide.png", written(scene(40, 8), "PNG"))
good("1x1.png", written(rgb[:1, :1], "PNG"), pixels=rgb[:1, :1])
good("png-named.jpg", written(rgb, "PNG"), pixels=rgb)
good("name with spaces.png", written(rgb, "PNG"), pixels=rgb)
good("ros\u00e9-composed.png", written(rgb, "PNG"), pixels=rgb)  # the accent in NFC
good("rose\u0301-decomposed.png", written(rgb, "PNG"), pixels=rgb)  # and in NFD

# --- Right: WebP, TIFF, GIF, AVIF

good("rgb.webp", written(rgb, "WEBP", quality=90))
good("lossless.webp", written(rgb, "WEBP", lossless=True), pixels=rgb)
good("rgba.webp", written(np.dstack([hidden, alpha]), "WEBP", lossless=True, exact=True), pixels=over_white(rgb, alpha), hasAlpha=True)
good("animated.webp", written(Image.fromarray(rgb), "WEBP", lossless=True, save_all=True, append_images=[second]), pixels=rgb)
good("orientation-6.webp", written(rgb, "WEBP", lossless=True, exif=exif(6)), orientation=6, pixels=turned(rgb, 6))
good("rgb.tif", written(rgb, "TIFF"), pixels=rgb)
good("lzw.tif", written(rgb, "TIFF", compression="tiff_lzw"), pixels=rgb)
good("two-pages.tif", written(Image.fromarray(rgb), "TIFF", save_all=True, append_images=[second]), pixels=rgb)
naive = np.rint((255.0 - cmyk[..., :3]) * (255 - cmyk[..., 3:]) / 255).astype("uint8")
good("cmyk.tif", written(cmyk, "TIFF", "CMYK"), pixels=naive, isCmyk=True)
good("grey-16-bits.tif", written(grey_16, "TIFF"), bits=16, pixels=of_grey(grey), isGrey=True)
good("orientation-6.tif", written(rgb, "TIFF", tiffinfo={274: 6}), orientation=6, pixels=turned(rgb, 6))
good("rgb.gif", written(palette, "GIF"), pixels=np.asarray(palette.convert("RGB")), isPalette=True)
clear = np.asarray(few) == 0
good("transparent.gif", written(few, "GIF", transparency=0), pixels=over_white(np.asarray(few.convert("RGB")), np.where(clear, 0, 255)), hasAlpha=True, isPalette=True)
frames = [Image.fromarray(255 - np.asarray(palette.convert("RGB"))).quantize(200)]
good("animated.gif", written(palette, "GIF", save_all=True, append_images=frames), pixels=np.asarray(palette.convert("RGB")), isPalette=True)
good("rgb.avif", written(rgb, "AVIF", quality=90, subsampling="4:4:4", max_threads=1))

# --- Damaged: of a larger scene, so that the headers are its lesser part

large = scene(40, 32)
jpeg = written(large, "JPEG", quality=95)
scan = segment(jpeg, 0xDA)[1]
middle = (scan + len(jpeg)) // 2
damaged("jpeg-without-its-last-2-bytes.jpg", jpeg[:-2], "cut short: the end marker is missing, the pixels are complete")
damaged("jpeg-half.jpg", jpeg[:middle], "cut short in the middle of its pixels")
damaged("jpeg-half-then-end.jpg", jpeg[:middle] + jpeg[-2:], "the second half of its pixels is missing before a right end marker")
damaged("jpeg-half-then-zeros.jpg", jpeg[:middle] + bytes(len(jpeg) - middle), "zeros in place of the second half, as an unfinished download has them")
damaged("jpeg-cut-in-its-header.jpg", jpeg[: segment(jpeg, 0xC0)[0] + 5], "cut short within its header")
damaged("jpeg-cut-before-its-scan.jpg", jpeg[: scan - 2], "cut short just before its pixels")
quantization, huffman = segment(jpeg, 0xDB)[0], segment(jpeg, 0xC4)[0]
damaged("jpeg-flipped-tables.jpg", flipped(jpeg, range(huffman + 6, huffman + 16)), "bytes flipped in a table of codes")
damaged("jpeg-flipped-pixels.jpg", flipped(jpeg, range(middle, middle + 12)), "12 bytes flipped in the middle of its pixels", is_silent=True)
restarting = written(large, "JPEG", quality=95, restart_marker_blocks=1)
lost = restarting.index(b"\xff\xd3")
damaged("jpeg-lost-a-restart-marker.jpg", restarting[:lost] + restarting[lost + 2 :], "one of the markers between its pixels is missing")
progressive = written(large, "JPEG", quality=95, progressive=True)
damaged("progressive-half.jpg", progressive[: len(progressive) // 2], "cut short: a progressive JPEG without its later passes")

picture = written(large, "PNG")
(start, end), = [(at, end) for kind, at, end in png_chunks(picture) if kind == b"IDAT"]
damaged("png-half.png", picture[: len(picture) // 2], "cut short in the middle of its pixels")
damaged("png-half-then-zeros.png", picture[: len(picture) // 2] + bytes(len(picture) - len(picture) // 2), "zeros in place of the second half")
damaged("png-wrong-checksum.png", flipped(picture, [end - 1]), "the checksum of its pixels is wrong")
damaged("png-wrong-checksum-of-its-header.png", flipped(picture, [8 + 25 - 1]), "the checksum of its header is wrong")
changed = flipped(picture[start + 8 : end - 4], range((end - start) // 2, (end - start) // 2 + 4))
damaged("png-flipped-pixels.png", picture[:start] + chunk(b"IDAT", changed) + picture[end:], "4 bytes flipped in its pixels, under a right checksum")
damaged("png-without-its-end.png", picture[:end], "cut short: the end chunk is missing, the pixels are complete")

whole = written(Image.fromarray(large).quantize(200), "GIF")
damaged("gif-cut.gif", whole[: len(whole) * 3 // 4], "cut short in its pixels")
whole = written(large, "WEBP", quality=90)
damaged("webp-cut.webp", whole[: len(whole) // 2], "cut short in its pixels")
whole = written(large, "WEBP", lossless=True)
damaged("webp-lossless-cut.webp", whole[: len(whole) // 2], "cut short in its pixels")
whole = written(large, "TIFF")
damaged("tiff-cut.tif", whole[: len(whole) // 2], "cut short in its pixels")
whole = written(large, "TIFF", compression="tiff_lzw")
damaged("tiff-cut-before-its-directory.tif", whole[: len(whole) // 2], "cut short: the directory, at its end, is missing")
whole = written(large, "AVIF", quality=90, max_threads=1)
damaged("avif-cut.avif", whole[: len(whole) * 3 // 4], "cut short in its pixels")

damaged("empty.jpg", b"", "empty")
damaged("zeros.jpg", bytes(1000), "zeros only")
damaged("html.jpg", b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>\n", "a web page")
damaged("text.png", b"this is not an image\n", "text")
pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0123456789abcdef' * 4}\nsize 12345\n"
damaged("git-lfs-pointer.jpg", pointer.encode(), "the pointer of Git LFS in place of the file")

# --- Of a kind that is not read

small = scene(8, 8)
unreadable("bmp.bmp", written(small, "BMP"), "BMP")
unreadable("bmp-named.jpg", written(small, "BMP"), "BMP, despite its name")
heic = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"heic", 0, b"mif1", b"heic") + struct.pack(">I4sI", 12, b"meta", 0)
unreadable("heic.heic", heic, "the beginning of a HEIC file")
unreadable("heic-named.jpg", heic, "the beginning of a HEIC file, despite its name")
svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="red"/></svg>\n'
unreadable("svg.svg", svg, "SVG: a drawing, without pixels of its own")
unreadable("svg-named.png", b'<?xml version="1.0"?>\n' + svg, "SVG, despite its name")
unreadable("jpeg-2000.jp2", written(small, "JPEG2000"), "JPEG 2000")
unreadable("30000x30000.png", png(30_000, 30_000, 1, 0, [bytes(3750)] * 30_000), "30000×30000 pixels, 900 million")

lines = []
for folder, files in expected.items():
    entries = [f"    {json.dumps(name)}: {json.dumps(entry)}" for name, entry in sorted(files.items())]
    lines.append(f'  "{folder}": {{\n' + ",\n".join(entries) + "\n  }")
with open(os.path.join(root, "expected.json"), "w") as file:
    file.write("{\n" + ",\n".join(lines) + "\n}\n")
