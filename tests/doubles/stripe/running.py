"""The double inside a test run: a thread, and a client for `/_config`."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Any

import httpx2
import stripe

from tests.doubles.stripe.app import listen, make_app, make_server
from tests.doubles.stripe.keys import PUBLISHABLE_KEY, SECRET_KEY


class StripeDouble:
    """Runs from `with` to its end. `url` is what JIFEN_STRIPE_API_BASE is set to."""

    secret_key = SECRET_KEY
    publishable_key = PUBLISHABLE_KEY

    def __init__(self) -> None:
        self._listening = listen()
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._server = make_server(make_app())
        self._thread = threading.Thread(target=self._server.run, args=([self._listening],), daemon=True)
        self._http = httpx2.Client(base_url=self.url, timeout=30, trust_env=False)
        self._stripe_http = stripe.RequestsClient(timeout=10)

    def __enter__(self) -> StripeDouble:
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the double of Stripe did not start")
            time.sleep(0.005)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.tell("reset")
        self._http.close()
        self._stripe_http.close()
        self._server.should_exit = True
        self._thread.join(timeout=10)

    def client(self, api_key: str = SECRET_KEY, *, retries: int = 0) -> stripe.StripeClient:
        """A client of the `stripe` library that talks to this double."""
        return stripe.StripeClient(
            api_key, base_addresses={"api": self.url}, http_client=self._stripe_http, max_network_retries=retries
        )

    def tell(self, path: str, /, **told: Any) -> Any:
        """POST /_config/{path}. Raises: httpx2.HTTPStatusError: the double did not understand."""
        return self._asked("POST", path, told)

    def ask(self, path: str) -> Any:
        """GET /_config/{path}."""
        return self._asked("GET", path)

    def take_back(self, path: str) -> Any:
        """DELETE /_config/{path}."""
        return self._asked("DELETE", path)

    def trouble(self, kind: str, /, **details: Any) -> None:
        self.tell("trouble", trouble=kind, **details)

    def _asked(self, method: str, path: str, told: dict[str, Any] | None = None) -> Any:
        answer = self._http.request(method, f"/_config/{path}", json=told)
        answer.raise_for_status()
        return answer.json()
