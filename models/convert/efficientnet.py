"""EfficientNet-Lite2 as an ONNX graph: 260 px image -> pooled embedding [1280] and ImageNet logits [1000].

Batch normalisation is folded into the convolution before it (in f64), padding is TensorFlow's SAME worked out for
the fixed input size, so that what remains is Conv, Clip, Add, one mean and one Gemm.
"""

import numpy as np
from onnx import TensorProto

from graph import Graph

SIDE = 260
BATCH_NORM_EPS = 1e-3
# (repeats, stride of the first block) of each stage, Lite2: depth 1.2, first and last stage unscaled.
STAGES = ((1, 1), (3, 2), (3, 2), (4, 2), (4, 1), (5, 2), (1, 1))


def build(state):
    """`state`: name -> array as in the package's checkpoint."""
    net = Net(state)
    x, side = net.conv("image", "_conv_stem", "_bn0", SIDE, stride=2, clip=True)
    strides = [stride if i == 0 else 1 for repeats, stride in STAGES for i in range(repeats)]
    for i, stride in enumerate(strides):
        x, side = net.block(f"_blocks.{i}", x, side, stride)
    x, side = net.conv(x, "_conv_head", "_bn1", side, clip=True)
    g = net.graph
    pooled = g.op("ReduceMean", x, name="pooled", axes=[2, 3], keepdims=0)
    g.output("embedding", pooled, TensorProto.FLOAT, ["n", 1280])
    weight, bias = g.weight("_fc.weight", state["_fc.weight"]), g.weight("_fc.bias", state["_fc.bias"])
    g.output("logits", g.op("Gemm", pooled, weight, bias, name="classes", transB=1), TensorProto.FLOAT, ["n", 1000])
    return g.model(
        "EfficientNet-Lite2. image [n,3,260,260], RGB 0..255, (x - 127) / 128 -> embedding [n,1280] and logits [n,1000]."
    )


class Net:
    def __init__(self, state):
        self.state = state
        self.graph = Graph("EfficientNet-Lite2")
        self.graph.input("image", TensorProto.FLOAT, ["n", 3, SIDE, SIDE])

    def block(self, at, x, side, stride):
        """Inverted bottleneck: widen, depthwise, narrow; the input is added back where the shape allows."""
        y, entry = x, side
        if f"{at}._expand_conv.weight" in self.state:
            y, side = self.conv(y, f"{at}._expand_conv", f"{at}._bn0", side, clip=True)
        y, side = self.conv(y, f"{at}._depthwise_conv", f"{at}._bn1", side, stride=stride, clip=True)
        y, side = self.conv(y, f"{at}._project_conv", f"{at}._bn2", side)
        same = stride == 1 and self.channels_in(at) == len(self.state[f"{at}._bn2.weight"])
        return (self.graph.op("Add", y, x, name=at) if same and side == entry else y), side

    def channels_in(self, at):
        first = self.state.get(f"{at}._expand_conv.weight")
        return self.state[f"{at}._depthwise_conv.weight"].shape[0] if first is None else first.shape[1]

    def conv(self, x, name, norm, side, stride=1, clip=False):
        weight, bias = self.folded(name, norm)
        kernel = weight.shape[-1]
        out = -(-side // stride)
        pad = max((out - 1) * stride + kernel - side, 0)
        pads = [pad // 2, pad // 2, pad - pad // 2, pad - pad // 2]
        g = self.graph
        group = weight.shape[0] if "depthwise" in name else 1
        w, b = g.weight(f"{name}.w", weight), g.weight(f"{name}.b", bias)
        y = g.op("Conv", x, w, b, name=name, kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=pads, group=group)
        if clip:
            y = g.op("Clip", y, g.const("zero", np.float32(0)), g.const("six", np.float32(6)), name=f"{name}.relu6")
        return y, out

    def folded(self, name, norm):
        s = {k: self.state[f"{norm}.{k}"].astype(np.float64) for k in ("weight", "bias", "running_mean", "running_var")}
        gain = s["weight"] / np.sqrt(s["running_var"] + BATCH_NORM_EPS)
        weight = self.state[f"{name}.weight"].astype(np.float64) * gain[:, None, None, None]
        return weight.astype(np.float32), (s["bias"] - s["running_mean"] * gain).astype(np.float32)
