"""From a loop over one member's arrays to machine code that Python calls with those of a stack. Needs Numba.

The entry reads NumPy's and CPython's objects where their C interfaces say that things are (PyArrayObject, PyObject), so that
calling it takes no more than a look at the arrays: it returns False, and does nothing, unless they are what it was made for.
"""

from collections.abc import Callable
from typing import Any

import llvmlite.binding as llvm
import numba
import numpy as np
from numba import types
from numba.extending import intrinsic

# Words of a PyArrayObject after what every object has: data, number of axes, their lengths, strides, base, dtype
HEAD = object.__basicsize__ // np.dtype(np.intp).itemsize
TYPE, DATA, AXES, LENGTHS, STRIDES, DTYPE = HEAD - 1, HEAD, HEAD + 1, HEAD + 2, HEAD + 3, HEAD + 5
WORDS = types.CPointer(types.intp)
NUMBERS = {"float": ("PyFloat_AsDouble", types.float64), "int": ("PyLong_AsSsize_t", types.intp)}
TRUTH = "PyBool_FromLong"
# What the code may ask of the process: CPython's functions above, and C's
KNOWN = {TRUTH, *(name for name, _ in NUMBERS.values()), "memset", "memcpy", "memmove", "sqrt", "sqrtf"}


def translate(function: Callable, kinds: tuple[Any, ...], flat: bool, contract: bool, entry: str) -> bytes:
    """An object file with the function `entry` (self, arguments, their number), METH_FASTCALL of CPython.

    kinds: the dtype and number of axes of each array, the type of each number; flat, contract: see `base.compile.per_member`. Raises
    ValueError for a loop that needs more than its arguments, as one does that makes an array or raises.
    """
    names: dict[str, Any] = {
        "kernel": numba.njit(error_model="numpy", fastmath={"contract"} if contract else False)(function),
        "carray": numba.carray,
    }
    names |= {f"e{k}": np.dtype(kind[0]).type for k, kind in enumerate(kinds) if not isinstance(kind, str)}
    names |= {"unlike": _unlike, "member": _member, "length": _length}
    names |= {"truth": types.ExternalFunction(TRUTH, WORDS(types.intp))}
    names |= {kind: types.ExternalFunction(name, number(WORDS)) for kind, (name, number) in NUMBERS.items()}
    exec(_source(kinds, flat), names)
    signature = WORDS(WORDS, types.CPointer(WORDS), types.intp)
    made = numba.cfunc(signature, error_model="numpy")(names["entry"])
    return _object_file(made.inspect_llvm(), made.native_name, entry, function.__name__)


def _source(kinds: tuple[Any, ...], flat: bool) -> str:
    """The entry for arguments of these kinds."""
    axes = {k: kind[1] for k, kind in enumerate(kinds) if not isinstance(kind, str)}
    first = next(iter(axes))
    count = f"length(arguments[{first}], 0)"
    sizes = {k: np.dtype(kinds[k][0]).itemsize for k in axes}
    unlike = [
        f"unlike(self, {number}, arguments[{k}], {many}, {sizes[k]}, {count})"
        for number, (k, many) in enumerate(axes.items(), start=1)
    ]
    numbers = [f"    x{k} = {kind}(arguments[{k}])" for k, kind in enumerate(kinds) if k not in axes]
    given = [f"x{k}" for k in range(len(kinds))]
    for k, many in axes.items():
        lengths = [f"length(arguments[{k}], {axis})" for axis in range(1, many)]
        given[k] = f"carray(member(arguments[{k}], m, e{k}), ({(' * ' if flat else ', ').join(lengths) or 1},))"
    return "\n".join([
        "def entry(self, arguments, number):",
        f"    if number != {len(kinds)} or {' or '.join(unlike)}:",
        "        return truth(0)",
        *numbers,
        f"    for m in range({count}):",
        f"        kernel({', '.join(given)})",
        "    return truth(1)",
    ])  # fmt: skip


def _object_file(text: str, name: str, entry: str, kernel: str) -> bytes:
    """What LLVM makes of a module for this processor; only the entry can be seen from outside."""
    module = llvm.parse_assembly(text)
    module.get_function(name).name = entry
    for value in (*module.functions, *module.global_variables):
        if not value.is_declaration and value.name != entry:
            value.linkage = "internal"
    target = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=3, jit=True
    )
    passes = llvm.create_pass_builder(target, llvm.create_pipeline_tuning_options(speed_level=3))
    passes.getModulePassManager().run(module, passes)
    wanted = {f.name for f in module.functions if f.is_declaration and not f.name.startswith("llvm.")}
    if unknown := wanted - KNOWN:
        raise ValueError(f"{kernel}: machine code that needs {', '.join(sorted(unknown))} cannot be kept")
    return target.emit_object(module)


def _as_pointer(context: Any, address: Any, element: Any) -> Any:
    """The address as a pointer to numbers of a type."""
    kind = types.CPointer(element.dtype)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(kind))

    return kind(types.intp, element), generate


_pointer: Any = intrinsic(_as_pointer)


@numba.njit(error_model="numpy")
def _length(array: Any, axis: int) -> int:
    return _pointer(array[LENGTHS], np.intp)[axis]


@numba.njit(error_model="numpy")
def _member(array: Any, m: int, element: Any) -> Any:
    """Where member m of an array (M or 1, …) begins."""
    step = _pointer(array[STRIDES], np.intp)[0] if _length(array, 0) != 1 else 0
    return _pointer(array[DATA] + m * step, element)


@numba.njit(error_model="numpy")
def _unlike(expected: Any, number: int, array: Any, axes: int, itemsize: int, members: int) -> bool:
    """Whether an object is anything but an array (M or 1, …) of the expected dtype, C-contiguous but for the first axis."""
    known = _pointer(expected[DATA], np.intp)
    if array[TYPE] != known[0] or array[DTYPE] != known[number] or array[AXES] & 0xFFFFFFFF != axes:
        return True
    strides, step, size = _pointer(array[STRIDES], np.intp), itemsize, 1
    for axis in range(axes):
        size *= _length(array, axis)
    for axis in range(axes - 1, 0, -1):
        if size and _length(array, axis) != 1 and strides[axis] != step:
            return True
        step *= _length(array, axis)
    return _length(array, 0) != members and _length(array, 0) != 1
