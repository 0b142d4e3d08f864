"""What is measured of a network at one moment: symmetry, signal and gradient, layer by layer.

Everything comes from one probe batch. Arrays lead with the ensemble axis of M members; results are dictionaries of
(M, layers) and (M,) arrays in float64, with NaN where a quantity is undefined.
"""

from functools import partial

import numpy as np

from initbench.activations import Activation
from initbench.network import passes as network
from initbench.network.memory import Architecture, Buffers, allocate
from initbench.probes import distinct_units as symmetry

PROBE_SAMPLES = 64
JACOBIAN_SAMPLES = 8
# A sum of products that cancels leaves about eps × its terms; a gradient below a few of those is rounding alone.
ROUNDING_OF_A_SUM = 4.0


def measure(
    parameters,
    architecture: Architecture,
    activation: Activation,
    inputs,
    one_hot,
    cotangent,
    saturation,
    jacobian=False,
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """(layers, signal) of M stacked networks on a probe batch.

    inputs (M, B, F) and one_hot (M, B, K); cotangent (M, B, K): the independent one, put in the place of p − y.
    Gradients are those of the mean loss, cotangents δ those of the sum over samples. `saturation`: threshold on |φ′|.
    `jacobian` adds the singular values of ∂logits/∂inputs.
    """
    members, batch = inputs.shape[:2]
    buffers = allocate(architecture, members, batch, inputs.dtype, keep_cotangents=True)
    gradients = [tuple(np.empty_like(p) for p in layer) for layer in parameters]

    def pull_back(into):
        network.backward(parameters, inputs, architecture.normalization, buffers, into, activation.pull_back_exactly)
        return np.stack([rms_over_samples(delta) for delta in buffers.cotangents], axis=1)

    # float32 overflow is a finding here (it becomes a null), not an accident
    with np.errstate(over="ignore", invalid="ignore"):
        logits = network.forward(parameters, inputs, activation, architecture.normalization, buffers)
        buffers.cotangents[-1][...] = cotangent
        gaussian = pull_back(None)
        network.cross_entropy(logits, one_hot, buffers.cotangents[-1])
        loss_delta = pull_back(gradients)
        for layer in gradients:
            for gradient in layer:
                gradient /= batch
        columns = [
            layer_statistics(index, parameters, gradients, activation, inputs, buffers, saturation)
            for index in range(architecture.depth + 1)
        ]
        layers = {name: np.stack([c[name] for c in columns], axis=1) for name in columns[0]}
        layers |= {"delta_rms": loss_delta, "delta_rms_gaussian": gaussian}
        signal = signal_statistics(gaussian[:, :-1], layers["preactivation_second_moment"][:, :-1])
        if jacobian:
            signal |= jacobian_values(parameters, architecture, activation, buffers)
    return layers, signal


def rms_over_samples(delta: np.ndarray) -> np.ndarray:
    """√(mean over samples of ‖δ_i‖²) of (M, B, n), scaled first, so that squares neither overflow nor underflow."""
    delta = delta.astype(float, copy=False)
    scale = np.abs(delta).max(axis=(1, 2))
    scaled = delta / np.where(scale > 0, scale, 1)[:, None, None]
    return scale * np.sqrt(np.square(scaled).sum(axis=2).mean(axis=1))


def layer_statistics(index, parameters, gradients, activation, inputs, buffers: Buffers, saturation):
    """The columns of one layer: pre-activation, activation, weights and gradient."""
    hidden = index < len(parameters) - 1
    z = buffers.preactivations[index] if hidden else buffers.logits
    previous = buffers.activations[index - 1] if index else inputs
    columns = preactivation_statistics(z)
    columns |= activation_statistics(z, buffers.activations[index] if hidden else None, activation, saturation)
    columns |= symmetry_statistics("weight", parameters[index][0])
    columns |= symmetry_statistics(
        "gradient", gradients[index][0], gradient_rounding_floor(previous, index, parameters, buffers)
    )
    return columns | {
        "weight_norm": norm(parameters[index][0]),
        "gradient_norm": norm(gradients[index][0]),
        "bias_gradient_norm": norm(gradients[index][-1][:, None, :]),
    }


def norm(matrices: np.ndarray) -> np.ndarray:
    """Frobenius norm of each of (M, rows, columns), without overflow or underflow."""
    scale = np.abs(matrices).max(axis=(1, 2)).astype(float)
    scaled = matrices / np.where(scale > 0, scale, 1)[:, None, None]
    return scale * np.sqrt(np.square(scaled).sum(axis=(1, 2)))


def moments(what: str, values) -> dict[str, np.ndarray]:
    """Mean, standard deviation and second moment of each row of (M, n), float64."""
    count = values.shape[1]
    mean = values.mean(axis=1)
    centred = values - mean[:, None]
    return {
        f"{what}_mean": mean,
        f"{what}_std": np.sqrt(np.vecdot(centred, centred) / count),
        f"{what}_second_moment": np.vecdot(values, values) / count,
    }


def preactivation_statistics(z) -> dict[str, np.ndarray]:
    """Mean, standard deviation and second moment of z (M, B, n), pooled over samples and units."""
    return moments("preactivation", z.reshape(len(z), -1).astype(float))


def activation_statistics(z, a, activation, saturation) -> dict[str, np.ndarray]:
    """Moments, dependence on the input, saturation and symmetry of a = φ(z); NaN for the output layer (a is None)."""
    if a is None:
        names = ["mean", "std", "second_moment", "std_over_inputs"]
        blank = np.full(len(z), np.nan)
        symmetric = [*symmetry_names("activation"), "distinct_live_activations"]
        rest = [*symmetric, "input_correlation", "saturated_fraction", "dead_fraction"]
        return dict.fromkeys([*(f"activation_{n}" for n in names), *rest], blank)
    steepness = np.abs(activation.derivative(z, np.empty_like(z)))
    wide = a.astype(float)
    dead = ((a == 0) & (steepness == 0)).all(axis=1)
    return (
        {
            "activation_std_over_inputs": np.sqrt(wide.var(axis=1).mean(axis=1)),
            "input_correlation": input_correlation(wide),
            "saturated_fraction": (steepness < saturation).mean(axis=(1, 2)),
            "dead_fraction": dead.mean(axis=1),
        }
        | moments("activation", wide.reshape(len(a), -1))
        | symmetry_statistics("activation", a, dead=dead)
    )


def input_correlation(a) -> np.ndarray:
    """Mean cosine between the activations (M, B, n) of two samples; samples of zero norm have none."""
    a = a.astype(float, copy=False)
    scale = np.abs(a).max(axis=2, keepdims=True)
    a = a / np.where(scale > 0, scale, 1)
    length = np.sqrt(np.square(a).sum(axis=2, keepdims=True))
    direction = a / np.where(length > 0, length, 1)
    count = (length[..., 0] > 0).sum(axis=1)
    total = np.square(direction.sum(axis=1)).sum(axis=1)
    pairs = count * (count - 1.0)
    return np.divide(total - count, pairs, out=np.full(len(a), np.nan), where=pairs > 0)


def symmetry_names(what: str) -> list[str]:
    """The symmetry columns of weights, activations or gradients."""
    return [f"distinct_{what}s", f"exactly_equal_{what}s", f"{what}_spread", f"{what}_cosine", f"{what}_effective_rank"]


def symmetry_statistics(what: str, matrix, floor=0.0, dead=None) -> dict[str, np.ndarray]:
    """How far the units (last axis) of (M, features, units) are copies of one another; NaN for non-finite matrices.

    `dead` (M, units) asks for the distinct units among the others too.
    """
    extent = symmetry.Extent.of(matrix)
    finite = np.isfinite(extent.low).all(axis=1) & np.isfinite(extent.high).all(axis=1)
    if not finite.all():
        matrix = np.where(finite[:, None, None], matrix, 0)
        extent = symmetry.Extent.of(matrix)
    dtype = matrix.dtype
    floor = np.maximum(floor, symmetry.rounding_floor(dtype))
    gram = symmetry.Gram.of(matrix, extent.largest)
    distinct = partial(symmetry.distinct_units, matrix, symmetry.TOLERANCE[dtype], floor, extent=extent, gram=gram)
    columns = [distinct(), symmetry.exactly_equal_units(extent), symmetry.spread(extent)]
    values = dict(zip(symmetry_names(what), [*columns, *symmetry.cosine_and_rank(gram)], strict=True))
    if dead is not None:
        values["distinct_live_activations"] = distinct(counted=~dead) if dead.any() else columns[0]
    return {name: np.where(finite, value, np.nan) for name, value in values.items()}


def gradient_rounding_floor(previous, index, parameters, buffers: Buffers) -> np.ndarray:
    """The size below which an entry of ∂loss/∂W is what rounding leaves of a sum that cancels, shape (M,).

    A few eps of the largest terms of the sum over samples, |a^{l−1}| |δ^l|. Small gradients as such are far above it:
    where backpropagation has made δ small, the floor is small too.
    """
    delta = np.abs(buffers.cotangents[index]).max(axis=2).mean(axis=1)
    if index < len(parameters) - 1 and buffers.scales:
        gain = np.abs(parameters[index][1][:, None, :] / buffers.scales[index])
        delta = delta * gain.max(axis=(1, 2))
    eps = np.finfo(previous.dtype).eps
    floor = ROUNDING_OF_A_SUM * eps * np.abs(previous).max(axis=(1, 2)).astype(float) * delta
    return np.where(np.isfinite(floor), floor, 0)


def signal_statistics(delta_rms, second_moment) -> dict[str, np.ndarray]:
    """Per-layer factors over the hidden layers from √δ² and E[z²], each (M, H).

    gradient_factor χ̂ = exp(−b), b the slope of ln δ² on the layer: below 1 the gradient shrinks towards the input.
    log_gradient_ratio = ln(δ²_1/δ²_H): −∞ where some δ² is 0, +∞ where some is not finite. NaN for fewer than 2 layers.
    """
    log_delta, zero = 2 * log(delta_rms), (delta_rms == 0).any(axis=1)
    members, depth = delta_rms.shape
    if depth < 2:
        blank = np.full(members, np.nan)
        return {"gradient_factor": blank, "log_gradient_ratio": blank, "forward_factor": blank}
    unbounded = ~np.isfinite(delta_rms).all(axis=1)
    ratio = np.where(zero | unbounded, 0, log_delta[:, 0] - log_delta[:, -1])
    return {
        "gradient_factor": np.exp(-slope_over_layers(log_delta)),
        "log_gradient_ratio": np.where(unbounded, np.inf, np.where(zero, -np.inf, ratio)),
        "forward_factor": np.exp(slope_over_layers(log(second_moment))),
    }


def log(values):
    """ln, with NaN where the value is not positive or not finite."""
    good = np.isfinite(values) & (values > 0)
    return np.log(values, out=np.full(values.shape, np.nan), where=good)


def slope_over_layers(values) -> np.ndarray:
    """Least-squares slope of (M, H) on the layer number; NaN where a value is."""
    layer = np.arange(values.shape[1]) - (values.shape[1] - 1) / 2
    return (values * layer).sum(axis=1) / np.square(layer).sum()


def jacobian_values(parameters, architecture, activation, buffers: Buffers) -> dict[str, np.ndarray]:
    """Largest, median and smallest singular value of ∂logits/∂inputs over some probe samples.

    Under batch normalisation the batch's mean and variance are held fixed, which makes the Jacobian one sample's own.
    """
    samples = min(JACOBIAN_SAMPLES, buffers.logits.shape[1])
    output = parameters[-1][0].swapaxes(1, 2)[:, None]
    cotangent = np.broadcast_to(output, (len(output), samples, *output.shape[2:]))
    for index in range(architecture.depth - 1, -1, -1):
        z = buffers.preactivations[index][:, :samples]
        cotangent = cotangent * activation.derivative(z, np.empty_like(z))[:, :, None, :]
        if architecture.normalization != "none":
            cotangent = cotangent * parameters[index][1][:, None, None, :]
            if architecture.normalization == "layer":
                normalized = buffers.normalized[index][:, :samples, None, :]
                along = (cotangent * normalized).mean(axis=3, keepdims=True)
                cotangent = cotangent - cotangent.mean(axis=3, keepdims=True) - normalized * along
            cotangent = (
                cotangent / buffers.scales[index][:, : (1 if architecture.normalization == "batch" else samples), None]
            )
        cotangent = np.matmul(cotangent, parameters[index][0].swapaxes(1, 2)[:, None])
    finite = np.isfinite(cotangent).all(axis=(1, 2, 3))
    values = np.linalg.svd(np.where(finite[:, None, None, None], cotangent, 0), compute_uv=False)
    pooled = np.where(finite[:, None], values.reshape(len(values), -1), np.nan)
    return {
        "jacobian_max": pooled.max(axis=1),
        "jacobian_median": np.median(pooled, axis=1),
        "jacobian_min": pooled.min(axis=1),
    }
