#!/usr/bin/env python3
"""Makes models/beats/beatnet.onnx from the weights in the PyPI package BeatNet 1.1.1.

    pip download --no-deps BeatNet==1.1.1 && python3 models/convert/beats.py BeatNet-1.1.1-py3-none-any.whl models/beats

Needs torch (to read the file), onnx, numpy. The network of M. Heydari, F. Cwitkowitz & Z. Duan, "BeatNet: CRNN and
particle filtering for online joint beat, downbeat and meter tracking" (ISMIR 2021), as its model.py describes it:
272 numbers a frame -> convolution of 10 over the numbers, 2 channels, ReLU -> maximum of 2 -> 150 -> two LSTMs of 150
-> beat, downbeat, neither. The package holds three, trained with another collection left out each; the mean of their
softmax is what comes out. The states go in and out, so that a track can be heard piece by piece. Licence of the weights: CC-BY-4.0.
"""

import io
import sys
import zipfile

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

FEATURES, CHANNELS, KERNEL, WIDTH = 272, 2, 10, 150
POOLED = (FEATURES - KERNEL + 1) // 2


def lstm_order(rows):
    """torch keeps input, forget, cell, output; ONNX wants input, output, forget, cell."""
    i, f, c, o = np.split(rows, 4)
    return np.concatenate([i, o, f, c])


class Graph:
    def __init__(self):
        self.tensors, self.nodes = [], []

    def tensor(self, name, value, dtype=np.float32):
        self.tensors.append(numpy_helper.from_array(np.ascontiguousarray(value, dtype), name))
        return name

    def node(self, kind, inputs, outputs, **attributes):
        outputs = [outputs] if isinstance(outputs, str) else outputs
        self.nodes.append(helper.make_node(kind, inputs, outputs, **attributes))
        return outputs[0]

    def net(self, n, w):
        """One network: frames [n, 272] -> beat, downbeat, neither [n, 3]."""

        def name(part):
            return f"net{n}_{part}"

        def weight(part, value):
            return self.tensor(name(part), value)

        def node(kind, inputs, output, **attributes):
            outputs = [name(o) for o in ([output] if isinstance(output, str) else output)]
            return self.node(kind, inputs, outputs, **attributes)

        x = node("Conv", ["framed", weight("conv_w", w["conv1.weight"]), weight("conv_b", w["conv1.bias"])], "conv")
        x = node("Relu", [x], "relu")
        x = node("MaxPool", [x], "pool", kernel_shape=[2], strides=[2])
        x = node("Reshape", [x, "flat_shape"], "flat")
        x = node("Gemm", [x, weight("in_w", w["linear0.weight"]), weight("in_b", w["linear0.bias"])], "in", transB=1)
        x = node("Unsqueeze", [x, "one"], "sequence")  # [n, 1, 150]
        for layer in (0, 1):
            ih, hh = (lstm_order(w[f"lstm.weight_{k}_l{layer}"]) for k in ("ih", "hh"))
            bias = np.concatenate([lstm_order(w[f"lstm.bias_{k}_l{layer}"]) for k in ("ih", "hh")])
            weights = [weight(f"w{layer}", ih[None]), weight(f"r{layer}", hh[None]), weight(f"b{layer}", bias[None])]
            states = [name(f"hidden{layer}"), name(f"cell{layer}")]
            outputs = [f"out{layer}", f"hidden{layer}_next", f"cell{layer}_next"]
            x = node("LSTM", [x, *weights, "", *states], outputs, hidden_size=WIDTH)
            x = node("Squeeze", [x, "one"], f"squeezed{layer}")  # drops the direction: [n, 1, 150]
        x = node("Reshape", [x, "wide_shape"], "wide")
        x = node("Gemm", [x, weight("out_w", w["linear.weight"]), weight("out_b", w["linear.bias"])], "logits", transB=1)
        return node("Softmax", [x], "softmax", axis=1)


def value(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def graph(networks):
    g = Graph()
    g.tensor("one", [1], np.int64)
    g.tensor("flat_shape", [-1, CHANNELS * POOLED], np.int64)
    g.tensor("wide_shape", [-1, WIDTH], np.int64)
    g.node("Unsqueeze", ["frames", "one"], "framed")
    g.node("Mean", [g.net(n, w) for n, w in enumerate(networks)], "activations")
    states = [f"net{n}_{kind}{layer}" for n in range(len(networks)) for layer in (0, 1) for kind in ("hidden", "cell")]
    return helper.make_graph(
        g.nodes,
        "beatnet",
        [value("frames", ["n", FEATURES])] + [value(s, [1, 1, WIDTH]) for s in states],
        [value("activations", ["n", 3])] + [value(f"{s}_next", [1, 1, WIDTH]) for s in states],
        g.tensors,
    )


def main():
    wheel, out = sys.argv[1:]
    with zipfile.ZipFile(wheel) as package:
        files = [io.BytesIO(package.read(f"BeatNet/models/model_{n}_weights.pt")) for n in (1, 2, 3)]
        licence = package.read("BeatNet-1.1.1.dist-info/LICENSE")
    networks = [{k: v.numpy() for k, v in torch.load(file, map_location="cpu").items()} for file in files]
    model = helper.make_model(graph(networks), opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    onnx.checker.check_model(model)
    onnx.save(model, f"{out}/beatnet.onnx")
    with open(f"{out}/LICENSE-CC-BY-4.0", "wb") as file:
        file.write(licence)


main()
