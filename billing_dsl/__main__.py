"""`python -m billing_dsl`."""

from __future__ import annotations

import sys

from billing_dsl.cli import main

if __name__ == "__main__":
    sys.exit(main())
