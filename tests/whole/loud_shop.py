"""A shop whose every part logs all it has to say, so that the tests can look for secrets in it."""

from __future__ import annotations

import logging
import sys

from bot import __main__

if __name__ == "__main__":
    logging.basicConfig(format="%(levelname)s %(name)s %(message)s", level=logging.DEBUG)
    sys.exit(__main__.main())
