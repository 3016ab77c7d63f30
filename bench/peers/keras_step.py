"""Steps of training MobileNet with Keras, to the protocol of bench/step-process.ts.

    python keras_step.py ALPHA SIZE BATCH
"""
import sys
from keras_mobilenet import keras, mobilenet, multiply_adds, tf
import numpy as np
from protocol import serve

alpha, size, batch = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
model = mobilenet(alpha, size)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(optimizer="adam", loss=loss)
x = tf.constant(np.random.rand(batch, size, size, 3), tf.float32)
y = tf.constant(np.random.randint(0, 10, batch))
serve(lambda: model.train_on_batch(x, y), model.count_params(), multiply_adds(model))
