"""Steps of training MobileNet with PyTorch (channels last), to the protocol of bench/step-process.ts.

    python torch_step.py ALPHA SIZE BATCH [compile]
"""
import math, os, sys
import torch
from torch import nn
from protocol import serve

torch.set_num_threads(int(os.environ["THREADS"]))
alpha, size, batch = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])


def convolution(inputs, outputs, kernel, stride, groups=1):
    layer = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    return [layer, nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01), nn.ReLU6()]


channels = int(32 * alpha)
layers = convolution(3, channels, 3, 2)
filters = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024]
for block, width in enumerate(filters):
    outputs = int(width * alpha)
    layers += convolution(channels, channels, 3, 2 if block in (1, 3, 5, 11) else 1, channels)
    layers += convolution(channels, outputs, 1, 1)
    channels = outputs
model = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.5), nn.Linear(channels, 10))
model = model.to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(model.parameters())
x = torch.rand(batch, 3, size, size).to(memory_format=torch.channels_last)
y = torch.randint(0, 10, (batch,))
forward = torch.compile(model) if "compile" in sys.argv else model


def step():
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(forward(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


def count_multiply_adds():
    """Of a forward pass through convolutions and the dense layer, for one image."""
    counts = []

    def count(layer, _, output):
        counts.append(math.prod(output.shape[2:]) * layer.weight.numel())

    weighted = [layer for layer in model if isinstance(layer, (nn.Conv2d, nn.Linear))]
    hooks = [layer.register_forward_hook(count) for layer in weighted]
    model.eval()(x[:1])
    model.train()
    for hook in hooks:
        hook.remove()
    return sum(counts)


# Keras counts moving means and variances, and has no counter of batches.
numbers = [tensor.numel() for name, tensor in model.state_dict().items() if not name.endswith("num_batches_tracked")]
serve(step, sum(numbers), count_multiply_adds())
