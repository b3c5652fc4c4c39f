"""A tiny OpenID Connect issuer on a real socket: it signs everybody in as ``person`` and checks what it is asked."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "landbridge", "a secret of the issuer"


class Issuer:
    """``person`` holds the claims about whoever signs in; ``problems`` what a caller did wrong."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {
            "sub": "u-1", "email": "grace@example.com", "email_verified": True, "preferred_username": "grace",
        }  # fmt: skip
        self.problems: list[str] = []
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.challenges: dict[str, str] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def follow(self, address: str) -> str:
        """What the person's browser is sent back to after signing in at ``address``."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        if asked.get("client_id") != CLIENT or asked.get("response_type") != "code":
            self.problems.append("wrong client")
        if asked.get("code_challenge_method") != "S256":
            self.problems.append("no PKCE")
        code = f"code-{len(self.challenges)}"
        self.challenges[code] = asked.get("code_challenge", "")
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if self.challenges.pop(form.get("code", ""), None) != challenge or form.get("client_secret") != SECRET:
            self.problems.append("wrong code, verifier or secret")
            return {"error": "invalid_grant"}
        claims = {**self.person, "iss": self.url, "aud": CLIENT, "iat": int(time.time()), "exp": int(time.time()) + 60}
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "1"})
        return {"access_token": "granted", "token_type": "Bearer", "expires_in": 60, "id_token": signed}

    def keys(self) -> dict[str, Any]:
        return {"keys": [{**json.loads(RSAAlgorithm.to_jwk(self.key.public_key())), "kid": "1", "use": "sig"}]}

    def _handler(issuer) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answers: dict[str, Any] = {
                    "/.well-known/openid-configuration": issuer.configuration,
                    "/keys": issuer.keys,
                    "/userinfo": lambda: issuer.person,
                }
                self._send(answers[urlsplit(self.path).path]())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                self._send(issuer.token({name: values[0] for name, values in parse_qs(body).items()}))

            def _send(self, answer: dict[str, Any]) -> None:
                content = json.dumps(answer).encode()
                self.send_response(400 if "error" in answer else 200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *given: object) -> None:  # noqa: A002 - the base's name
                pass

        return Handler
