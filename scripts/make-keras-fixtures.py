"""Makes test/fixtures/keras-mobilenet-{56,28,colour-32}.json: what Keras computes, for
test/model/mobilenet-v1/keras-agreement.test.ts.

    python3 -m venv keras && keras/bin/pip install tensorflow-cpu==2.21.0 h5py
    keras/bin/python scripts/make-keras-fixtures.py DIRECTORY_OF_FASHION_MNIST TAR_OF_CIFAR_10_JPEGS

MobileNet alpha 0.25 of Keras' layers, every convolution padded `same` as in the Keras of 2017, with the
ImageNet weights of test/fixtures/weights; 64 real test images, grey ones and colour ones; a dense layer drawn with NumPy's seed 2017.
The forward pass in inference, then three Adam steps without dropout on the same batch. All in double precision,
so that what a test sees are the program's own rounding errors: Keras in single precision is 2.6e-3 away from this
in its second loss at 56 pixels.
"""
import base64, gzip, json, os, sys, tarfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
try:
    import h5py, keras, numpy as np, tensorflow as tf
except ImportError as error:
    sys.exit(f"{error}. This script needs Python packages: pip install tensorflow-cpu==2.21.0 h5py")
if len(sys.argv) != 3:
    sys.exit("Usage: make-keras-fixtures.py DIRECTORY_OF_FASHION_MNIST TAR_OF_CIFAR_10_JPEGS")

root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "test", "fixtures")
keras.backend.set_floatx("float64")
weights = h5py.File(os.path.join(root, "weights", "mobilenet_2_5_224_tf_no_top.h5"), "r")
data, alpha, count, sampled = sys.argv[1], 0.25, 64, 512
L = keras.layers
encode = lambda a: base64.b64encode(np.ascontiguousarray(a, "<f4").tobytes()).decode()


def idx(name, offset):
    return np.frombuffer(gzip.open(os.path.join(data, name)).read(), np.uint8, offset=offset)


def colour():
    """Of each class in turn one test image, test/CLASS/NNNN.jpg."""
    with tarfile.open(sys.argv[2]) as tar:
        files = sorted(m.name for m in tar.getmembers() if m.name.startswith("test/") and m.isfile())
        classes = sorted({name.split("/")[1] for name in files})
        chosen = [[n for n in files if n.split("/")[1] == classes[i % 10]][i // 10] for i in range(count)]
        pixels = [tf.io.decode_jpeg(tar.extractfile(n).read(), dct_method="INTEGER_ACCURATE").numpy() for n in chosen]
    return np.stack(pixels), np.array([classes.index(n.split("/")[1]) for n in chosen], "int32")


grey = (
    idx("t10k-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28, 1)[:count],
    idx("t10k-labels-idx1-ubyte.gz", 8)[:count].astype("int32"),
)


def block(x, layer, name):
    x = L.BatchNormalization(name=name + "_bn")(layer(x))
    return L.ReLU(6.0)(x)


def build(size):
    x = inputs = keras.Input((size, size, 3))
    same = dict(padding="same", use_bias=False)
    x = block(x, L.Conv2D(int(32 * alpha), 3, strides=2, name="conv1", **same), "conv1")
    filters = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024]
    for i, f in enumerate(filters, 1):
        strides = 2 if i in (2, 4, 6, 12) else 1
        x = block(x, L.DepthwiseConv2D(3, strides=strides, name=f"conv_dw_{i}", **same), f"conv_dw_{i}")
        x = block(x, L.Conv2D(int(f * alpha), 1, name=f"conv_pw_{i}", **same), f"conv_pw_{i}")
    logits = L.Dense(10, name="dense")(L.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, logits)


def tensors(model):
    for layer in model.layers:
        for v in layer.weights:
            yield f"{layer.name}/{v.name}", v


for name, size, (images, labels) in (("56", 56, grey), ("28", 28, grey), ("colour-32", 32, colour())):
    model = build(size)
    for layer in model.layers:
        if layer.weights and layer.name in weights:
            g = weights[layer.name][layer.name]
            layer.set_weights([g[v.name + ":0"][()] if v.name + ":0" in g else g["depthwise_kernel:0"][()] for v in layer.weights])
    rng = np.random.default_rng(2017)
    dense = rng.uniform(-0.15, 0.15, (256, 10)).astype("f4")
    model.get_layer("dense").set_weights([dense, np.zeros(10, "f4")])
    x = tf.image.resize(tf.cast(images, tf.float32), (size, size)) / 255.0
    x = tf.cast(tf.repeat(x, 3 // images.shape[-1], -1), tf.float64)
    logits = model(x, training=False).numpy()
    losses = []
    optimizer, loss_of = keras.optimizers.Adam(), keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    for _ in range(3):
        with tf.GradientTape() as tape:
            loss = loss_of(labels, model(x, training=True))
        variables = [v.value for v in model.trainable_variables]
        optimizer.apply(tape.gradient(loss, variables), model.trainable_variables)
        losses.append(float(loss))
    after = {}
    for tensor, v in tensors(model):
        flat = v.numpy().ravel()
        step = max(1, len(flat) // sampled)
        after[tensor] = dict(stride=step, values=encode(flat[::step]))
    out = dict(
        keras=keras.__version__, tensorflow=tf.__version__, alpha=alpha, size=size,
        images=base64.b64encode(images.tobytes()).decode(), labels=labels.tolist(),
        denseKernel=encode(dense), logits=encode(logits), losses=losses, after=after,
    )
    with open(os.path.join(root, f"keras-mobilenet-{name}.json"), "w") as f:
        json.dump(out, f, indent=1)
        f.write("\n")
    print(name, losses)
