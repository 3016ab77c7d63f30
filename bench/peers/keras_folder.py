"""What one would write instead of an experiment on own images: trials in a loop, with Keras. A line of JSON per trial.

    THREADS=2 python keras_folder.py FOLDER ALPHA SIZE EPOCHS SEED...

FOLDER has train/CLASS and test/CLASS; validation is on test. Needs tensorflow-cpu 2.21.0 and Pillow 13.0.0. The network of
keras_mobilenet.py without dropout, Adam at 1e-3, batches of 64, no augmentation.
"""
import json, os, sys, time
from keras_mobilenet import keras, mobilenet, multiply_adds, tf
from PIL import Image
import numpy as np

folder, alpha, size, epochs = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
classes = sorted(os.listdir(os.path.join(folder, "train")))


def decode(path):
    image = Image.open(path).convert("RGB")
    return np.asarray(image if image.size == (size, size) else image.resize((size, size), Image.Resampling.BILINEAR))


def read(split):
    """Every image of the split, decoded once: [N, size, size, 3] of uint8, and labels [N]."""
    folders = [os.path.join(folder, split, name) for name in classes]
    files = [(os.path.join(path, name), label) for label, path in enumerate(folders) for name in sorted(os.listdir(path))]
    return np.stack([decode(path) for path, _ in files]), np.array([label for _, label in files], "int32")


train, test = read("train"), read("test")


def dataset(split, training, seed=None):
    data = tf.data.Dataset.from_tensor_slices(split)
    data = data.shuffle(len(split[1]), seed=seed).batch(64) if training else data.batch(500)
    return data.map(lambda x, y: (tf.cast(x, tf.float32) / 255.0, y)).prefetch(2)


for seed in map(int, sys.argv[5:]):
    keras.utils.set_random_seed(seed)
    model = mobilenet(alpha, size, len(classes), dropout=0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=loss, metrics=["accuracy"])
    start = time.perf_counter()
    history = model.fit(dataset(train, True, seed), validation_data=dataset(test, False), epochs=epochs, verbose=0)
    seconds = round(time.perf_counter() - start, 1)
    work = dict(parameters=model.count_params(), multiplyAdds=multiply_adds(model), seconds=seconds)
    losses = dict(loss=history.history["loss"], valLoss=history.history["val_loss"])
    print(json.dumps(dict(seed=seed, valAccuracy=history.history["val_accuracy"], **losses, **work)), flush=True)
    keras.backend.clear_session()
