"""musicnn (Pons & Serra 2019) as an ONNX graph: log-mel patch [187,96] -> 50 tag probabilities and its layers.

Everything is channel-first. The batch normalisation before a dense layer is folded into it (in f64).
"""

import numpy as np
from onnx import TensorProto

from graph import Graph
from mel import BANDS, PATCH

BATCH_NORM_EPS = 1e-3
FLOAT = TensorProto.FLOAT


def build(name, v):
    """`v`: variable name -> array as in the package's checkpoint (TensorFlow layout)."""
    g = Graph(name)
    x = g.op("Unsqueeze", g.input("model/x:0", FLOAT, ["n", PATCH, BANDS]), g.const("axis1", np.int64([1])), name="x")
    x = norm(g, v, 0, x, rank=4)
    front = [timbral(g, v, x, i) for i in (0, 1)] + [temporal(g, v, x, i) for i in (2, 3, 4)]
    front = g.op("Concat", *front, name="front", axis=1)

    mid = [front, along_time(g, v, front, 5)]
    for i in (6, 7):
        mid.append(g.op("Add", along_time(g, v, mid[-1], i), mid[-1], name=f"residual{i}"))
    features = g.op("Concat", *mid, name="features", axis=1)

    most = g.op("ReduceMax", features, name="max", axes=[2], keepdims=0)
    mean = g.op("ReduceMean", features, name="mean", axes=[2], keepdims=0)
    w, b = after_norm(v, 9, "dense")
    w = np.concatenate([w[0::2], w[1::2]])  # the source interleaves max and mean, feature by feature
    y = g.op("Gemm", g.op("Concat", most, mean, name="pooled", axis=1), g.weight("dense.w", w), g.weight("dense.b", b), name="dense")
    y = norm(g, v, 10, g.op("Relu", y, name="dense.relu"), rank=2)
    w, b = v["dense_1/kernel"], v["dense_1/bias"]
    tags = g.op("Gemm", y, g.weight("tags.w", w), g.weight("tags.b", b), name="tags.logits")

    width = w.shape[0], v["batch_normalization_9/gamma"].shape[0] // 2
    g.output("model/tags:0", g.op("Sigmoid", tags, name="tags"), FLOAT, ["n", w.shape[1]])
    g.output("model/penultimate:0", y, FLOAT, ["n", width[0]])
    g.output("model/meanpool:0", mean, FLOAT, ["n", width[1]])
    g.output("model/maxpool:0", most, FLOAT, ["n", width[1]])
    return g.model(
        f"{name}. model/x:0 [n,187,96]: log10(10000 m + 1) of a 96-band mel spectrogram, 16 kHz, FFT 512, hop 256 -> "
        "model/tags:0 [n,50] probabilities, model/penultimate:0 [n,200], model/meanpool:0 and model/maxpool:0 [n,753]."
    )


def numbered(name, i):
    return name if i == 0 else f"{name}_{i}"


def gain_and_shift(v, i):
    at = numbered("batch_normalization", i)
    gamma, beta, mean, var = (
        v[f"{at}/{k}"].astype(np.float64) for k in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    gain = gamma / np.sqrt(var + BATCH_NORM_EPS)
    return gain, beta - mean * gain


def norm(g, v, i, x, rank):
    """Batch normalisation at inference: one gain and one shift per channel (axis 1)."""
    gain, shift = (a.astype(np.float32).reshape([-1] + [1] * (rank - 2)) for a in gain_and_shift(v, i))
    return g.op("Add", g.op("Mul", x, g.const(f"gain{i}", gain), name=f"norm{i}.scaled"), g.const(f"shift{i}", shift), name=f"norm{i}")


def after_norm(v, i, dense):
    """A dense layer with the normalisation before it folded in."""
    gain, shift = gain_and_shift(v, i)
    kernel = v[f"{dense}/kernel"].astype(np.float64)
    bias = v[f"{dense}/bias"] + shift @ kernel
    return (kernel * gain[:, None]).astype(np.float32), bias.astype(np.float32)


def strongest(g, v, x, i, pads):
    """Convolution, ReLU, normalisation and the maximum over the bands, in an order that is cheap and exact.

    ReLU and the normalisation are monotone in each channel, so the maximum may come first: a channel whose gain is
    negative wants the minimum instead, which is the negated maximum of the negated convolution.
    """
    at = numbered("conv2d", i)
    gain, _ = gain_and_shift(v, i + 1)
    sign = np.where(gain < 0, -1, 1).astype(np.float32)
    kernel = v[f"{at}/kernel"].transpose(3, 2, 0, 1) * sign[:, None, None, None]
    w, b = g.weight(f"{at}.w", kernel), g.weight(f"{at}.b", v[f"{at}/bias"] * sign)
    y = g.op("Conv", x, w, b, name=at, kernel_shape=list(kernel.shape[2:]), pads=pads)
    y = g.op("ReduceMax", y, name=f"{at}.max", axes=[3], keepdims=0)
    y = g.op("Mul", y, g.const(f"sign{i}", sign[:, None]), name=f"{at}.signed")
    return norm(g, v, i + 1, g.op("Relu", y, name=f"{at}.relu"), rank=3)


def timbral(g, v, x, i):
    """Tall filters: 7 frames by most of the bands; the strongest response over all bands."""
    return strongest(g, v, x, i, pads=[3, 0, 3, 0])


def temporal(g, v, x, i):
    """Long filters in time, one band wide, padded as TensorFlow's SAME (the spare sample at the end)."""
    length = v[f"{numbered('conv2d', i)}/kernel"].shape[0] - 1
    return strongest(g, v, x, i, pads=[length // 2, 0, length - length // 2, 0])


def along_time(g, v, x, i):
    """7 frames by all channels, [n,c,t] -> [n,64,t]."""
    at = numbered("conv2d", i)
    kernel = v[f"{at}/kernel"][:, :, 0, :].transpose(2, 1, 0)
    w, b = g.weight(f"{at}.w", kernel), g.weight(f"{at}.b", v[f"{at}/bias"])
    y = g.op("Conv", x, w, b, name=at, kernel_shape=[7], pads=[3, 3])
    return norm(g, v, i + 1, g.op("Relu", y, name=f"{at}.relu"), rank=3)
