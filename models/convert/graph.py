"""A small ONNX graph builder: names nodes after what they do, stores weights as f16 or f32.

The graphs of the embedded pack are written out by hand from the published architectures instead of being
traced, so that a pack file holds the network and nothing else, and comes out the same on every machine.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8


class Graph:
    """Collects nodes and weights; every `op` call returns the name of its (first) output."""

    def __init__(self, name, half_weights=False):
        self.name = name
        self.half_weights = half_weights
        self.nodes = []
        self.initializers = []
        self.inputs = []
        self.outputs = []
        self._known = {}

    def input(self, name, elem_type, shape):
        self.inputs.append(helper.make_tensor_value_info(name, elem_type, shape))
        return name

    def output(self, name, source, elem_type, shape):
        self.nodes.append(helper.make_node("Identity", [source], [name], name=f"out/{name}"))
        self.outputs.append(helper.make_tensor_value_info(name, elem_type, shape))

    def op(self, kind, *inputs, name, outputs=1, **attributes):
        names = [name] if outputs == 1 else [f"{name}:{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=f"{kind}/{name}", **attributes))
        return names[0] if outputs == 1 else names

    def const(self, name, value):
        """A small constant kept at full precision (shapes, scalars, biases)."""
        value = np.asarray(value)
        key = (value.dtype.str, value.shape, value.tobytes())
        if key not in self._known:
            self._known[key] = name
            self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return self._known[key]

    def weight(self, name, value):
        """A weight matrix; stored as f16 behind a Cast where the graph asks for half weights."""
        value = np.ascontiguousarray(value, dtype=np.float32)
        if not self.half_weights or value.ndim < 2:
            self.initializers.append(numpy_helper.from_array(value, name))
            return name
        self.initializers.append(numpy_helper.from_array(to_half(value, name), f"{name}.f16"))
        return self.op("Cast", f"{name}.f16", name=name, to=TensorProto.FLOAT)

    def model(self, doc):
        graph = helper.make_graph(self.nodes, self.name, self.inputs, self.outputs, self.initializers, doc_string=doc)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="needledrop", ir_version=IR_VERSION
        )
        onnx.checker.check_model(model, full_check=True)
        return model


def to_half(value, name):
    """Rounds to f16; refuses weights that would overflow it."""
    half = value.astype(np.float16)
    if not np.isfinite(half).all():
        raise ValueError(f"{name}: a weight beyond the f16 range ({np.abs(value).max()}); keep it in f32")
    return half


def save(model, path):
    """Writes a model in the deterministic protobuf encoding."""
    path.write_bytes(model.SerializeToString(deterministic=True))
