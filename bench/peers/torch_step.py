"""Steps of training MobileNet with PyTorch (channels last), to the protocol of bench/step-process.ts.

    python torch_step.py ALPHA SIZE BATCH [compile]
"""
import math, sys
import torch
from torch import nn
from protocol import serve
from torch_mobilenet import device, mobilenet

alpha, size, batch = float(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
model = mobilenet(alpha)
optimizer = torch.optim.Adam(model.parameters())
x = torch.rand(batch, 3, size, size).to(device, memory_format=torch.channels_last)
y = torch.randint(0, 10, (batch,)).to(device)
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
