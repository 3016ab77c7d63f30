"""Epochs of training MobileNet with PyTorch on as many grey images as a trial has, held on the device as bytes.

    python torch_epochs.py ALPHA SIZE BATCH IMAGES VALIDATION EPOCHS

Prints the seconds of each epoch with its validation, a line of JSON, and the peak memory of the process.
"""
import json, resource, sys, time
import torch
from torch import nn
from torch_mobilenet import device, mobilenet

alpha, size, batch, images, validation, epochs = float(sys.argv[1]), *map(int, sys.argv[2:])
pixels = torch.randint(0, 256, (images + validation, 1, 28, 28), dtype=torch.uint8).to(device)
labels = torch.randint(0, 10, (images + validation,)).to(device)
model = mobilenet(alpha)
optimizer = torch.optim.Adam(model.parameters())


def select(indices):
    x = pixels[indices].float() / 255
    x = nn.functional.interpolate(x, (size, size), mode="bilinear", align_corners=False, antialias=size < 28)
    return x.expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last), labels[indices]


def epoch():
    model.train()
    total = torch.zeros((), device=device)
    for indices in torch.randperm(images).to(device).split(batch):
        x, y = select(indices)
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.detach()
    model.eval()
    correct = torch.zeros((), device=device)
    with torch.no_grad():
        for indices in torch.arange(images, images + validation, device=device).split(250):
            x, y = select(indices)
            correct += (model(x).argmax(1) == y).sum()
    return total.item(), correct.item()


seconds = []
for _ in range(epochs):
    start = time.perf_counter()
    epoch()
    seconds.append(time.perf_counter() - start)
print(json.dumps(dict(seconds=seconds, peakBytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)))
