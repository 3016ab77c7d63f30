"""An epoch of training MobileNet and its validation, with PyTorch, on grey images that the device has as bytes."""
import torch
from torch import nn
from torch_mobilenet import device


def select(images, indices, size):
    """Of the pair of uint8 [N, 1, 28, 28] and labels [N]: float32 [n, 3, size, size] from 0 to 1, and labels [n]."""
    pixels, labels = images
    x = pixels[indices].float() / 255
    if size != 28:
        x = nn.functional.interpolate(x, (size, size), mode="bilinear", align_corners=False, antialias=size < 28)
    return x.expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last), labels[indices]


def train(model, optimizer, images, count, size, batch):
    """One epoch on the first `count` images. Returns the sum of the batches' losses, on the device."""
    model.train()
    total = torch.zeros((), device=device)
    for indices in torch.randperm(count).to(device).split(batch):
        x, y = select(images, indices, size)
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.detach()
    return total


def evaluate(model, images, first, size, batch):
    """How many images from `first` on the model takes for what they are, on the device."""
    model.eval()
    correct = torch.zeros((), device=device)
    with torch.no_grad():
        for indices in torch.arange(first, len(images[1]), device=device).split(batch):
            x, y = select(images, indices, size)
            correct += (model(x).argmax(1) == y).sum()
    return correct
