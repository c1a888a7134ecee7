"""all-MiniLM-L6-v2 (BERT, 6 layers, 384 wide, 12 heads) as an ONNX graph that ends in the sentence vector."""

import json

import numpy as np
from onnx import TensorProto

from graph import Graph

HEADS = 12
MAX_TOKENS = 256  # sentence_bert_config.json of the source model


def build(weights, config):
    """`weights`: name -> f32 array as in model.safetensors; `config`: config.json as a dict."""
    width, layers, eps = config["hidden_size"], config["num_hidden_layers"], config["layer_norm_eps"]
    if config["num_attention_heads"] != HEADS or config["hidden_act"] != "gelu":
        raise ValueError("this graph is written for a 12-head BERT with exact GELU")
    g = Graph("all-MiniLM-L6-v2", half_weights=True)
    ids = g.input("input_ids", TensorProto.INT64, ["n", "t"])
    mask = g.input("attention_mask", TensorProto.INT64, ["n", "t"])

    x = embeddings(g, weights, ids, eps)
    allowed = g.op("Cast", mask, name="mask.float", to=TensorProto.FLOAT)
    bias = g.op("Sub", allowed, g.const("one", np.float32(1)), name="mask.minus_one")
    bias = g.op("Mul", bias, g.const("huge", np.float32(1e9)), name="mask.bias")
    bias = g.op("Unsqueeze", bias, g.const("axes.1_2", np.int64([1, 2])), name="mask.bias4")
    for layer in range(layers):
        x = block(g, weights, f"encoder.layer.{layer}", x, bias, width, eps)

    g.output("token_embeddings", x, TensorProto.FLOAT, ["n", "t", width])
    g.output("sentence_embedding", pooled(g, x, allowed), TensorProto.FLOAT, ["n", width])
    return g.model(
        "all-MiniLM-L6-v2. input_ids and attention_mask [n,t] (at most 256 tokens) -> sentence_embedding [n,384]: "
        "the mean of the token vectors under the mask, scaled to length 1; token_embeddings [n,t,384] before pooling."
    )


def embeddings(g, w, ids, eps):
    """Word + position + type-0 vectors. Rows are gathered as f16, so the table is never widened in memory."""
    words = w["embeddings.word_embeddings.weight"].astype(np.float16)
    places = w["embeddings.position_embeddings.weight"] + w["embeddings.token_type_embeddings.weight"][0]
    rows = g.op("Gather", g.const("words.f16", words), ids, name="words.rows", axis=0)
    rows = g.op("Cast", rows, name="words", to=TensorProto.FLOAT)
    length = g.op("Shape", ids, name="length", start=1, end=2)
    zero, one = g.const("zero", np.int64([0])), g.const("ones", np.int64([1]))
    places = g.op("Slice", g.weight("places", places[:MAX_TOKENS]), zero, length, zero, one, name="places.used")
    return norm(g, w, "embeddings.LayerNorm", g.op("Add", rows, places, name="embedded"), eps)


def norm(g, w, name, x, eps):
    gain, shift = g.weight(f"{name}.gain", w[f"{name}.weight"]), g.weight(f"{name}.shift", w[f"{name}.bias"])
    return g.op("LayerNormalization", x, gain, shift, name=name, axis=-1, epsilon=float(eps))


def dense(g, w, name, x):
    y = g.op("MatMul", x, g.weight(f"{name}.w", w[f"{name}.weight"].T), name=f"{name}.mm")
    return g.op("Add", y, g.weight(f"{name}.b", w[f"{name}.bias"]), name=name)


def block(g, w, at, x, bias, width, eps):
    """One post-norm transformer layer."""
    split = g.const("split", np.int64([0, 0, HEADS, width // HEADS]))

    def heads(name, perm):
        y = g.op("Reshape", dense(g, w, f"{at}.attention.self.{name}", x), split, name=f"{at}.{name}.split")
        return g.op("Transpose", y, name=f"{at}.{name}.heads", perm=perm)

    q, k, v = heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1]), heads("value", [0, 2, 1, 3])
    scores = g.op("MatMul", q, k, name=f"{at}.scores")
    scores = g.op("Div", scores, g.const("root_dim", np.float32((width // HEADS) ** 0.5)), name=f"{at}.scaled")
    scores = g.op("Add", scores, bias, name=f"{at}.masked")
    mixed = g.op("MatMul", g.op("Softmax", scores, name=f"{at}.attend", axis=-1), v, name=f"{at}.mixed")
    mixed = g.op("Transpose", mixed, name=f"{at}.mixed.t", perm=[0, 2, 1, 3])
    mixed = g.op("Reshape", mixed, g.const("join", np.int64([0, 0, width])), name=f"{at}.joined")
    y = g.op("Add", dense(g, w, f"{at}.attention.output.dense", mixed), x, name=f"{at}.attended")
    y = norm(g, w, f"{at}.attention.output.LayerNorm", y, eps)
    z = gelu(g, dense(g, w, f"{at}.intermediate.dense", y), at)
    z = g.op("Add", dense(g, w, f"{at}.output.dense", z), y, name=f"{at}.fed")
    return norm(g, w, f"{at}.output.LayerNorm", z, eps)


def gelu(g, x, at):
    """x * (1 + erf(x / sqrt 2)) / 2, the exact form the source model uses."""
    inner = g.op("Div", x, g.const("root_two", np.float32(2**0.5)), name=f"{at}.gelu.in")
    inner = g.op("Add", g.op("Erf", inner, name=f"{at}.gelu.erf"), g.const("one", np.float32(1)), name=f"{at}.gelu.1p")
    return g.op("Mul", g.op("Mul", x, inner, name=f"{at}.gelu.x"), g.const("half", np.float32(0.5)), name=f"{at}.gelu")


def pooled(g, x, allowed):
    """Mean under the mask, L2."""
    wide = g.op("Unsqueeze", allowed, g.const("axis.last", np.int64([-1])), name="mask.wide")
    total = g.op("ReduceSum", g.op("Mul", x, wide, name="kept"), g.const("ones", np.int64([1])), name="sum", keepdims=0)
    count = g.op("ReduceSum", wide, g.const("ones", np.int64([1])), name="count", keepdims=0)
    count = g.op("Max", count, g.const("tiny", np.float32(1e-9)), name="count.safe")
    mean = g.op("Div", total, count, name="mean")
    length = g.op("ReduceL2", mean, name="mean.length", axes=[1], keepdims=1)
    return g.op("Div", mean, g.op("Max", length, g.const("tiny", np.float32(1e-9)), name="length.safe"), name="unit")


def tokenizer(source):
    """The source tokenizer with padding to the longest of a batch and truncation at the model's own length."""
    spec = json.loads(source)
    spec["truncation"]["max_length"] = MAX_TOKENS
    spec["padding"]["strategy"] = "BatchLongest"
    return json.dumps(spec, ensure_ascii=False, separators=(",", ":")) + "\n"
