"""Whether a function takes the arguments that it will be given."""

import inspect
from collections.abc import Callable


def check_arguments(what: str, function: Callable, *names: str) -> None:
    """ValueError if `function` cannot be called with as many positional arguments as there are names; `what` is named in it."""
    signature = inspect.signature(function)
    try:
        signature.bind(*names)
    except TypeError as error:
        takes, should = f"({', '.join(signature.parameters)})", f"({', '.join(names)})"
        raise ValueError(f"{what} takes {takes}; it is called with {should}: {error}") from None


def one_line(error: BaseException) -> str:
    """An error of any type in one line; its type too, where the text alone would not say what happened."""
    try:
        text = " ".join(str(error).split())
    except Exception:  # a user's own type of error
        text = ""
    return text if isinstance(error, ValueError) and text else f"{type(error).__name__}: {text}".rstrip(": ")
