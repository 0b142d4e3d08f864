"""Machine code is made at set-up; training then needs no compiler."""

import subprocess
import sys

from initbench.engine.compile_loops import compile_loops


def test_after_set_up_no_loop_is_compiled():
    compile_loops()
    code = "from initbench.engine.compile_loops import compile_loops; compile_loops()"
    code += "; import sys; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
