"""docs/howto/extensions.md: what stands there works."""

import re
from pathlib import Path

import pytest

from initbench.base.extensions import load_extension, unload_extensions

PAGE = (Path(__file__).parents[2] / "docs/howto/extensions.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, re.S)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_every_block_of_the_page_is_an_extension_without_fault(tmp_path, number):
    file = tmp_path / f"block_{number}.py"
    file.write_text(BLOCKS[number], encoding="utf-8")
    try:
        load_extension(file, check=True)
    finally:
        unload_extensions()
