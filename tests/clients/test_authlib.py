"""Authlib, put through the same list as the npm libraries. See list.mjs."""

import base64
import json
import secrets
import time
import unittest

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import ClientSecretJWT, PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from provider import Browser, Provider

REDIRECT_URI = "http://localhost:9876/callback"
AFTER_LOGOUT = "http://localhost:9876/bye"
METHODS = ["client_secret_basic", "client_secret_post", "private_key_jwt", "client_secret_jwt", "none"]


class Authlib(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.provider = Provider()
        cls.addClassCleanup(cls.provider.stop)
        cls.user = cls.provider.add_user("ada@example.com", "correct horse battery staple", "--name", "Ada Lovelace")
        cls.metadata = get(f"{cls.provider.issuer}/.well-known/openid-configuration")
        cls.keys = KeySet.import_key_set(get(cls.metadata["jwks_uri"]))

    def test_the_whole_list(self):
        for alg in ("RS256", "ES256"):
            with self.subTest(alg=alg):
                self.whole(alg)

    def test_client_authentication(self):
        for method in METHODS:
            with self.subTest(method=method):
                self.authenticated(method)

    def test_response_modes(self):
        for mode in ("query", "form_post"):
            with self.subTest(mode=mode):
                session = self.session()
                page = self.sign_in(session, response_mode=mode)[1]
                self.assertEqual(page.posted, mode == "form_post")

    def test_prompt_none(self):
        session, browser = self.session(), Browser(self.provider.issuer)
        silent = lambda: browser.walk(self.request(session, prompt="none")[0], self.user).params
        self.assertEqual(silent()["error"], "login_required")
        self.sign_in(session, browser)
        self.assertIn("code", silent())

    def whole(self, alg):
        session, browser = self.session(alg=alg), Browser(self.provider.issuer)
        token, page, claims = self.sign_in(session, browser)
        self.assertEqual(header(token["id_token"])["alg"], alg)
        self.assertEqual(page.params["iss"], self.provider.issuer)
        self.assertTrue(claims["sid"] and claims["auth_time"])

        info = session.get(self.metadata["userinfo_endpoint"], timeout=10).json()
        self.assertEqual((info["sub"], info["email"]), (claims["sub"], "ada@example.com"))
        self.assertTrue(self.introspect(session, token["access_token"])["active"])

        second = self.refresh(session, token["refresh_token"])
        third = self.refresh(session, second["refresh_token"])
        self.assertEqual(len({one["refresh_token"] for one in (token, second, third)}), 3)

        answer = session.revoke_token(self.metadata["revocation_endpoint"], token=third["refresh_token"], timeout=10)
        self.assertEqual(answer.status_code, 200)
        self.assertFalse(self.introspect(session, third["access_token"])["active"])
        self.refuses("invalid_grant", self.refresh, session, third["refresh_token"])

        again = self.sign_in(session, browser)[0]
        logout = {"id_token_hint": again["id_token"], "post_logout_redirect_uri": AFTER_LOGOUT, "state": "bye"}
        url = requests.Request("GET", self.metadata["end_session_endpoint"], params=logout).prepare().url
        out = browser.walk(url, self.user)
        self.assertTrue(out.left.startswith(AFTER_LOGOUT))
        self.assertEqual(out.params["state"], "bye")
        self.refuses("invalid_grant", self.refresh, session, again["refresh_token"])

        machine = self.session(kind="service", grants=["client_credentials"])
        own = machine.fetch_token(self.metadata["token_endpoint"], grant_type="client_credentials", timeout=10)
        self.assertNotIn("refresh_token", own)
        self.assertTrue(self.introspect(machine, own["access_token"])["active"])

    def authenticated(self, method):
        session = self.session(kind="spa" if method == "none" else "web", method=method)
        token = self.sign_in(session)[0]
        fresh = self.refresh(session, token["refresh_token"])
        if method in ("client_secret_basic", "client_secret_post"):
            session.client_secret += "x"
            self.refuses("invalid_client", self.refresh, session, fresh["refresh_token"])

    def session(self, alg="RS256", method="client_secret_basic", kind="web", grants=("authorization_code", "refresh_token")):
        metadata = {"id_token_signed_response_alg": alg}
        if method == "private_key_jwt":
            key = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})
            metadata["jwks"] = {"keys": [key.as_dict(private=False)]}
        args = ["--type", kind, "--auth", method, "--trusted", "--client-id", f"python-{kind}.{secrets.token_hex(4)}"]
        if kind != "service":
            args += ["--redirect-uri", REDIRECT_URI, "--post-logout-redirect-uri", AFTER_LOGOUT]
            args += ["--scope", "openid profile email"]
        for grant in grants:
            args += ["--grant", grant]
        client = self.provider.add_client("Python", *args, "--metadata", json.dumps(metadata))
        secret = key if method == "private_key_jwt" else client.get("client_secret")
        session = OAuth2Session(
            client["client_id"],
            secret,
            token_endpoint_auth_method=method,
            redirect_uri=REDIRECT_URI,
            # A machine has nobody to tell about, and is refused what it may not have.
            scope=None if kind == "service" else "openid profile email",
            code_challenge_method="S256",
        )
        endpoint = self.metadata["token_endpoint"]
        session.register_client_auth_method(ClientSecretJWT(endpoint))
        session.register_client_auth_method(PrivateKeyJWT(endpoint, headers={"kid": "one"}))
        self.addCleanup(session.close)
        return session

    def request(self, session, **more):
        verifier, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(16)
        endpoint = self.metadata["authorization_endpoint"]
        url, state = session.create_authorization_url(endpoint, code_verifier=verifier, nonce=nonce, **more)
        return url, state, nonce, verifier

    def sign_in(self, session, browser=None, **more):
        url, state, nonce, verifier = self.request(session, **more)
        page = (browser or Browser(self.provider.issuer)).walk(url, self.user)
        self.assertEqual(page.params.get("state"), state)
        token = session.fetch_token(
            self.metadata["token_endpoint"], code=page.params["code"], code_verifier=verifier, timeout=10
        )
        return token, page, self.validated(session, token, nonce)

    def validated(self, session, token, nonce):
        """OIDC Core §3.1.3.7, by Authlib."""
        decoded = jwt.decode(token["id_token"], self.keys, algorithms=["RS256", "ES256"])
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            options={"iss": {"value": self.provider.issuer}, "aud": {"value": session.client_id}},
            params={"nonce": nonce, "client_id": session.client_id, "access_token": token["access_token"]},
        )
        claims.validate(now=int(time.time()), leeway=5)
        return claims

    def refresh(self, session, token):
        return dict(session.refresh_token(self.metadata["token_endpoint"], refresh_token=token, timeout=10))

    def introspect(self, session, token):
        return session.introspect_token(self.metadata["introspection_endpoint"], token=token, timeout=10).json()

    def refuses(self, code, call, *arguments):
        with self.assertRaises(OAuthError) as caught:
            call(*arguments)
        self.assertEqual(caught.exception.error, code)


def get(url):
    answer = requests.get(url, timeout=10)
    answer.raise_for_status()
    return answer.json()


def header(token):
    text = token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


if __name__ == "__main__":
    unittest.main()
