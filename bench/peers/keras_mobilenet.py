"""MobileNet of Keras' layers, every convolution padded `same`, as in the Keras of 2017 and in scripts/make-keras-fixtures.py.

Not keras.applications.MobileNet: today's pads its strided blocks otherwise. At 56 pixels its last maps are 1×1,
where this network's are 2×2: 25.8 million multiply-adds per image in the pointwise layers at alpha 1, not 40.6.
"""
import math, os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras, tensorflow as tf

L = keras.layers
threads = int(os.environ["THREADS"])
tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(threads)


def block(x, convolution):
    return L.ReLU(6.0)(L.BatchNormalization()(convolution(x)))


def mobilenet(alpha, size, classes=10, dropout=0.5):
    x = inputs = keras.Input((size, size, 3))
    same = dict(padding="same", use_bias=False)
    x = block(x, L.Conv2D(int(32 * alpha), 3, strides=2, **same))
    filters = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024]
    for index, width in enumerate(filters):
        x = block(x, L.DepthwiseConv2D(3, strides=2 if index in (1, 3, 5, 11) else 1, **same))
        x = block(x, L.Conv2D(int(width * alpha), 1, **same))
    outputs = L.Dense(classes)(L.Dropout(dropout)(L.GlobalAveragePooling2D()(x)))
    return keras.Model(inputs, outputs)


def multiply_adds(model):
    """Of a forward pass through convolutions and the dense layer, for one image."""
    layers = [layer for layer in model.layers if isinstance(layer, (L.Conv2D, L.DepthwiseConv2D, L.Dense))]
    return sum(math.prod(layer.output.shape[1:-1]) * math.prod(layer.kernel.shape) for layer in layers)
