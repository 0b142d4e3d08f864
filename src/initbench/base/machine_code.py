"""Machine code of compiled loops: found in a file, or made by Numba and kept there, and loaded by LLVM alone.

A file holds one loop for one dtype and one kind of processor. It stands beside the module, in `__pycache__`, or where that
cannot be written in the user's cache; `NUMBA_CACHE_DIR` names another folder. It is made anew when the loop, Numba or
Python changes.
"""

import ctypes
import hashlib
import os
import platform
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from types import CodeType
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from initbench.base.files import write_atomically

ENTRY = "entry"  # the symbol of the function that Python calls
DIGEST = hashlib.sha256().digest_size
FASTCALL = 0x0080  # METH_FASTCALL of CPython: a function of (self, arguments, their number)
_loaded: list = []  # what must live as long as the code


class MethodDefinition(ctypes.Structure):
    """CPython's PyMethodDef."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("function", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    )


def machine_code(function: Callable, kinds: tuple[Any, ...], flat: bool, contract: bool) -> Callable[..., bool]:
    """The loop as a Python function of arrays and numbers of these kinds; it says whether it was given such.

    kinds: the dtype and number of axes of each array, the type of each number; flat, contract: see
    `base.compile.per_member`.
    """
    sign = hashlib.sha256(repr((_content(function), kinds, flat, contract, _made_with())).encode()).digest()
    named = "-".join(kind if isinstance(kind, str) else f"{kind[0]}x{kind[1]}" for kind in kinds)
    name = f"{function.__module__}.{function.__name__}-{named}-{_processor()}.o"
    folders = [folder / name for folder in _folders(function)]
    code = next((found for path in folders if (found := _read(path, sign))), None)
    if code is None:
        from initbench.base.translate import translate  # only here: it imports Numba

        code = translate(function, kinds, flat, contract, ENTRY)
        _keep(folders, sign, code)
    return _callable(code, function.__name__, [np.dtype(kind[0]) for kind in kinds if not isinstance(kind, str)])


def _content(function: Callable) -> tuple:
    """What the loop is compiled from: its code, and the values of the names in it that are numbers."""
    code: CodeType = function.__code__
    known = {name: function.__globals__.get(name) for name in code.co_names}
    numbers = {name: value for name, value in known.items() if isinstance(value, int | float)}
    return code.co_code, code.co_consts, code.co_names, code.co_varnames, numbers


@lru_cache(maxsize=1)
def _made_with() -> tuple[str, ...]:
    """What makes machine code of a loop: Numba, and the entry around the loop, which knows Python's and NumPy's objects."""
    entry = hashlib.sha256(Path(__file__).with_name("translate.py").read_bytes()).hexdigest()
    return platform.python_version(), np.__version__, version("numba"), entry


@lru_cache(maxsize=1)
def _processor() -> str:
    """The kind of this processor: its name, and a digest of what it can do, which may differ between machines of one name."""
    features = hashlib.sha256(llvm.get_host_cpu_features().flatten().encode()).hexdigest()[:8]
    return f"{platform.machine()}-{llvm.get_host_cpu_name()}-{features}"


def _folders(function: Callable) -> list[Path]:
    """Where machine code may be kept, the best place first."""
    if named := os.environ.get("NUMBA_CACHE_DIR"):
        return [Path(named)]
    beside = Path(function.__code__.co_filename).parent / "__pycache__"
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return [beside, home / "initbench"]


def _read(path: Path, sign: bytes) -> bytes | None:
    """The machine code in a file; None if there is none, if it was made from something else, or if it is damaged."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    code = content[2 * DIGEST :]
    sound = content[:DIGEST] == sign and content[DIGEST : 2 * DIGEST] == hashlib.sha256(code).digest()
    return code if sound else None


def _keep(paths: list[Path], sign: bytes, code: bytes) -> None:
    """Write machine code to the first of some files that can be written; without any it is made again next time."""
    for path in paths:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with write_atomically(path) as partial:
                Path(partial).write_bytes(sign + hashlib.sha256(code).digest() + code)
            return
        except OSError:
            continue


def _callable(code: bytes, name: str, dtypes: list[np.dtype]) -> Callable[..., bool]:
    """A Python function of machine code. Its `self` tells the code the type of arrays and the dtype of each."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple().create_target_machine()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    definition = MethodDefinition(name.encode(), engine.get_function_address(ENTRY), FASTCALL, None)
    _loaded.append((engine, definition, dtypes))
    make = ctypes.pythonapi.PyCFunction_NewEx
    make.restype, make.argtypes = ctypes.py_object, (ctypes.c_void_p, ctypes.py_object, ctypes.c_void_p)
    return make(ctypes.addressof(definition), np.array([id(np.ndarray), *map(id, dtypes)], np.intp), None)
