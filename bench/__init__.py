"""Time and memory, measured beside a peer in the same run: `python3 run.py bench NAME`. Modules are like those of `evals/`."""
