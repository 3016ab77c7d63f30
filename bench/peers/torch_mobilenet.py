"""MobileNet as published, in PyTorch, channels last; DEVICE (cpu or cuda) and TF32 (1 or 0) come from the environment."""
import math, os
import torch
from torch import nn

device = os.environ.get("DEVICE", "cpu")
torch.set_num_threads(int(os.environ["THREADS"]))
torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = os.environ.get("TF32") == "1"
torch.backends.cudnn.benchmark = True  # the fastest algorithm of each shape, as TensorFlow looks for it


def convolution(inputs, outputs, kernel, stride, groups=1):
    layer = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)
    return [layer, nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.01), nn.ReLU6()]


def mobilenet(alpha):
    channels = int(32 * alpha)
    layers = convolution(3, channels, 3, 2)
    filters = [64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024]
    for block, width in enumerate(filters):
        outputs = int(width * alpha)
        layers += convolution(channels, channels, 3, 2 if block in (1, 3, 5, 11) else 1, channels)
        layers += convolution(channels, outputs, 1, 1)
        channels = outputs
    model = nn.Sequential(
        *layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.5), nn.Linear(channels, 10)
    )
    return model.to(device, memory_format=torch.channels_last)


def count_multiply_adds(model, x):
    """Of a forward pass of x, one image, through convolutions and the dense layer."""
    counts = []

    def count(layer, _, output):
        counts.append(math.prod(output.shape[2:]) * layer.weight.numel())

    weighted = [layer for layer in model if isinstance(layer, (nn.Conv2d, nn.Linear))]
    hooks = [layer.register_forward_hook(count) for layer in weighted]
    with torch.no_grad():
        model.eval()(x)
    model.train()
    for hook in hooks:
        hook.remove()
    return sum(counts)


def count_numbers(model):
    """As Keras counts: moving means and variances too, but no counter of batches."""
    return sum(tensor.numel() for name, tensor in model.state_dict().items() if not name.endswith("num_batches_tracked"))
