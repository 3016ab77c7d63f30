"""What one would write instead of an experiment: trials in a loop, with Keras, on the full data. A line of JSON per trial.

    python keras_trials.py FASHION_MNIST_DIRECTORY ALPHA SIZE EPOCHS SEED...
"""
import json, sys
from fashion_mnist import images_and_labels
from keras_mobilenet import keras, mobilenet, multiply_adds, tf

directory, alpha, size, epochs = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])


def dataset(part, training, seed=None):
    images, labels = images_and_labels(directory, part)
    data = tf.data.Dataset.from_tensor_slices((images, labels))
    data = data.shuffle(len(labels), seed=seed).batch(64) if training else data.batch(500)

    def prepare(x, y):
        x = tf.cast(x, tf.float32)[..., None] / 255.0
        x = x if size == 28 else tf.image.resize(x, (size, size))
        return tf.repeat(x, 3, -1), y

    return data.map(prepare).prefetch(2)


for seed in map(int, sys.argv[5:]):
    keras.utils.set_random_seed(seed)
    model = mobilenet(alpha, size)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    history = model.fit(dataset("train", True, seed), validation_data=dataset("t10k", False), epochs=epochs, verbose=0)
    work = dict(parameters=model.count_params(), multiplyAdds=multiply_adds(model))
    print(json.dumps(dict(seed=seed, valAccuracy=history.history["val_accuracy"], **work)), flush=True)
    keras.backend.clear_session()
