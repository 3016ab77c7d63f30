"""Fashion-MNIST as the runner's cache has it, unpacked, or gzipped as it is published."""
import gzip, os
import numpy as np


def read(directory, name, offset):
    path = os.path.join(directory, name)
    with open(path, "rb") if os.path.exists(path) else gzip.open(path + ".gz") as file:
        return np.frombuffer(file.read(), np.uint8, offset=offset)


def images_and_labels(directory, part):
    """Of the part "train" or "t10k": uint8 [N, 28, 28] and int32 [N]."""
    images = read(directory, f"{part}-images-idx3-ubyte", 16).reshape(-1, 28, 28)
    return images, read(directory, f"{part}-labels-idx1-ubyte", 8).astype("int32")
