"""Steps of training MobileNet with Keras, to the protocol of bench/step-process.ts.

    python keras_step.py ALPHA SIZE BATCH [jit]
"""
import os, sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras, numpy as np, tensorflow as tf
from protocol import serve

threads = int(os.environ["THREADS"])
tf.config.threading.set_intra_op_parallelism_threads(threads)
tf.config.threading.set_inter_op_parallelism_threads(threads)
alpha, size, batch = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
base = keras.applications.MobileNet((size, size, 3), alpha, include_top=False, weights=None, pooling="avg")
inputs = keras.Input((size, size, 3))
outputs = keras.layers.Dense(10)(keras.layers.Dropout(0.5)(base(inputs)))
model = keras.Model(inputs, outputs)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(optimizer="adam", loss=loss, jit_compile="jit" in sys.argv)
x = tf.constant(np.random.rand(batch, size, size, 3), tf.float32)
y = tf.constant(np.random.randint(0, 10, batch))
serve(lambda: model.train_on_batch(x, y))
