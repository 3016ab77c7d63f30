"""Epochs of training MobileNet with PyTorch on as many grey images as a trial has, held on the device as bytes.

    python torch_epochs.py ALPHA SIZE BATCH IMAGES VALIDATION EPOCHS

Prints the seconds of each epoch with its validation, a line of JSON, and the peak memory of the process.
"""
import json, resource, sys, time
import torch
from torch_mobilenet import device, mobilenet
from torch_training import evaluate, train

alpha, size, batch, images, validation, epochs = float(sys.argv[1]), *map(int, sys.argv[2:])
pixels = torch.randint(0, 256, (images + validation, 1, 28, 28), dtype=torch.uint8).to(device)
labels = torch.randint(0, 10, (images + validation,)).to(device)
data = pixels, labels
model = mobilenet(alpha)
optimizer = torch.optim.Adam(model.parameters())

seconds = []
for _ in range(epochs):
    start = time.perf_counter()
    total = train(model, optimizer, data, images, size, batch)
    correct = evaluate(model, data, images, size, 250)
    total.item(), correct.item()  # waits for the device
    seconds.append(time.perf_counter() - start)
print(json.dumps(dict(seconds=seconds, peakBytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)))
