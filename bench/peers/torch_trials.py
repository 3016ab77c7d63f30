"""What one would write instead of an experiment: trials in a loop, with PyTorch, on the full data. A line of JSON per trial.

    python torch_trials.py FASHION_MNIST_DIRECTORY ALPHA SIZE EPOCHS SEED...
"""
import json, sys
import torch
from fashion_mnist import images_and_labels
from torch_mobilenet import count_multiply_adds, count_numbers, device, mobilenet
from torch_training import evaluate, select, train

directory, alpha, size, epochs = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])


def load(part):
    images, labels = images_and_labels(directory, part)
    return torch.tensor(images)[:, None].to(device), torch.tensor(labels, dtype=torch.int64).to(device)


training, test = load("train"), load("t10k")

for seed in map(int, sys.argv[5:]):
    torch.manual_seed(seed)
    model = mobilenet(alpha)
    x, _ = select(test, torch.arange(1), size)
    work = dict(parameters=count_numbers(model), multiplyAdds=count_multiply_adds(model, x))
    optimizer = torch.optim.Adam(model.parameters())
    accuracies = []
    for _ in range(epochs):
        train(model, optimizer, training, len(training[1]), size, 64)
        accuracies.append(evaluate(model, test, 0, size, 500).item() / len(test[1]))
    print(json.dumps(dict(seed=seed, valAccuracy=accuracies, **work)), flush=True)
