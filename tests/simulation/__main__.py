"""Replays one seed: `python -m tests.simulation --seed 7 --days 3`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time

from tests.simulation.world import Violation, World, scratch


def main() -> int:
    """Runs the seeds; prints each one's tally, or the last steps before a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the (first) seed")
    parser.add_argument("--days", type=float, default=3, help="simulated days")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds, one after another")
    parser.add_argument("--last", type=int, default=30, help="steps to show before a fault")
    options = parser.parse_args()
    logging.disable()  # The shop logs each fault that it is made to suffer.
    broken = 0
    for seed in range(options.seed, options.seed + options.seeds):
        began = time.monotonic()
        with scratch() as folder:
            world = World(seed, folder)
            try:
                asyncio.run(world.run(options.days))
            except Violation as fault:
                broken += 1
                print(*list(world.trace)[-options.last :], fault, sep="\n", flush=True)
                continue
        tally = ", ".join(f"{name} {n}" for name, n in sorted(world.tally.items()))
        trace, spent = world.digest.hexdigest()[:16], time.monotonic() - began
        print(f"seed {seed}: {spent:.1f} s, trace {trace}: {tally}", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
