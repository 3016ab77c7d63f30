"""Steps of training MobileNet with PyTorch (channels last), to the protocol of bench/step-process.ts.

    python torch_step.py ALPHA SIZE BATCH [compile]
"""
import sys
import torch
from torch import nn
from protocol import serve
from torch_mobilenet import count_multiply_adds, count_numbers, device, mobilenet

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


serve(step, count_numbers(model), count_multiply_adds(model, x[:1]))
