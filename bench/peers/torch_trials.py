"""What one would write instead of an experiment: trials in a loop, with PyTorch, on the full data. A line of JSON per trial.

    python torch_trials.py FASHION_MNIST_DIRECTORY ALPHA SIZE EPOCHS SEED...
"""
import json, sys
import torch
from torch import nn
from fashion_mnist import images_and_labels
from torch_mobilenet import count_multiply_adds, count_numbers, device, mobilenet

directory, alpha, size, epochs = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])


def load(part):
    images, labels = images_and_labels(directory, part)
    return torch.tensor(images)[:, None].to(device), torch.tensor(labels, dtype=torch.int64).to(device)


train, test = load("train"), load("t10k")


def select(part, indices):
    x = part[0][indices].float() / 255
    if size != 28:
        x = nn.functional.interpolate(x, (size, size), mode="bilinear", align_corners=False, antialias=size < 28)
    return x.expand(-1, 3, -1, -1).contiguous(memory_format=torch.channels_last), part[1][indices]


def epoch(model, optimizer):
    model.train()
    for indices in torch.randperm(len(train[1])).to(device).split(64):
        x, y = select(train, indices)
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
    model.eval()
    correct = 0
    with torch.no_grad():
        for indices in torch.arange(len(test[1]), device=device).split(500):
            x, y = select(test, indices)
            correct += (model(x).argmax(1) == y).sum().item()
    return correct / len(test[1])


for seed in map(int, sys.argv[5:]):
    torch.manual_seed(seed)
    model = mobilenet(alpha)
    work = dict(parameters=count_numbers(model), multiplyAdds=count_multiply_adds(model, select(test, torch.arange(1))[0]))
    optimizer = torch.optim.Adam(model.parameters())
    accuracies = [epoch(model, optimizer) for _ in range(epochs)]
    print(json.dumps(dict(seed=seed, valAccuracy=accuracies, **work)), flush=True)
