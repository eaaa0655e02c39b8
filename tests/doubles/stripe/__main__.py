"""`python -m tests.doubles.stripe --port N`: the double on its own, until it is interrupted."""

from __future__ import annotations

import argparse
import sys

from tests.doubles.stripe.app import listen, make_app, make_server
from tests.doubles.stripe.keys import PUBLISHABLE_KEY, SECRET_KEY


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.doubles.stripe", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one; the first line printed says which")
    parser.add_argument("--secret-key", default=SECRET_KEY, help="the one API key taken (%(default)s)")
    parser.add_argument("--publishable-key", default=PUBLISHABLE_KEY, help="what a device uses (%(default)s)")
    told = parser.parse_args()
    with listen(told.port) as listening:
        sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        make_server(make_app(told.secret_key, told.publishable_key)).run(sockets=[listening])


if __name__ == "__main__":
    main()
