"""Starts llama-cpp-python's server on loopback: `python _llama_server.py MODEL PORT`. Runs in the interpreter that has llama-cpp-python.

On processors with AMX, llama.cpp's AMX weight buffers end the process at the first token (ggml-org/llama.cpp#20824, open). They are an
optimization that `use_extra_bufts` turns off; the server has no option for it, so its default is changed here.
"""

from __future__ import annotations

import runpy
import sys
from typing import Any

import llama_cpp
from llama_cpp import llama_cpp as binding

_default = binding.llama_model_default_params


def _plain_buffers() -> Any:
    params = _default()
    params.use_extra_bufts = False
    return params


if __name__ == "__main__":
    binding.llama_model_default_params = _plain_buffers
    llama_cpp.llama_model_default_params = _plain_buffers
    model, port = sys.argv[1:3]
    # One thread: two of them wait for each other on a busy machine, and are then slower than one.
    options = {"--model": model, "--host": "127.0.0.1", "--port": port, "--n_ctx": "8192", "--n_threads": "1", "--n_threads_batch": "1", "--verbose": "false"}
    sys.argv = ["llama_cpp.server", *(word for option in options.items() for word in option)]
    runpy.run_module("llama_cpp.server", run_name="__main__")
