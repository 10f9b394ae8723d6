"""An app on the generated Python, for the test: stores, keys and browser are this program's own, and called by the core.

The first line of standard input is `{"issuer": …, "client_id": …, "scope": …}`; each further one `{"do": WORD, …}`. Each is
answered by one line of JSON.
"""

import asyncio
import json
import os
import subprocess
import sys

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import vestibule


def say(value):
    print(json.dumps(value), flush=True)


class Store(vestibule.SecretStore):
    def __init__(self):
        self.secrets = {}

    def get(self, name):
        return self.secrets.get(name)

    def put(self, name, secret):
        self.secrets[name] = secret

    def remove(self, name):
        self.secrets.pop(name, None)


class Key(vestibule.DeviceKey):
    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())

    def public_key(self):
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def sign(self, message):
        return self.key.sign(message, ec.ECDSA(SHA256()))


class Keys(vestibule.KeyStore):
    def __init__(self):
        self.keys = {}

    def open(self, name):
        return self.keys.setdefault(name, Key())

    def forget(self, name):
        self.keys.pop(name, None)


class Attester(vestibule.AndroidAttester):
    """A phone whose maker is the test's (maker.py)."""

    def __init__(self, keys):
        self.keys = keys

    def make_key(self, name, challenge):
        key = Key()
        public = key.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        maker = [*json.loads(os.environ["VESTIBULE_MAKER"]), public.hex(), challenge.hex()]
        said = subprocess.run(maker, check=True, capture_output=True, text=True).stdout
        self.keys.keys[name] = key
        return [bytes.fromhex(said)]


class Browser(vestibule.Browser):
    def open(self, address):
        say({"open": address})


async def act(app, told, seen):
    word = told["do"]
    if word == "sign-in":
        await app.sign_in(vestibule.SignIn())
    elif word == "begin":
        sign_in = vestibule.SignIn(through=told["through"])
        return {"address": await app.begin(sign_in, told["redirect_uri"])}
    elif word == "finish":
        await app.finish(told["redirected"])
    elif word == "credentials":
        credentials = await app.credentials("GET", "https://api.example.com/notes")
        return {"authorization": credentials.authorization, "dpop": credentials.dpop}
    elif word == "register":
        await app.register_device("A phone")
    elif word == "asked":
        seen["asked"] = asked = await app.asked(told["link"], "en")
        return {"client": asked.client().name, "scopes": [scope.words for scope in asked.scopes()]}
    elif word == "answer":
        decision = vestibule.Decision.ALLOW() if told["allow"] else vestibule.Decision.DENY()
        return {"redirect_to": await app.answer(seen["asked"], decision)}
    elif word == "sign-out":
        await app.sign_out(vestibule.Ending.THIS_APP)
    return {"signed_in": await app.is_signed_in(), "subject": await app.subject()}


async def main():
    lines = asyncio.get_running_loop()
    told = json.loads(sys.stdin.readline())
    settings = vestibule.Settings(issuer=told["issuer"], client_id=told["client_id"], scope=told["scope"])
    keys = Keys()
    platform = vestibule.Platform(own=Store(), keys=keys, android_attester=Attester(keys), browser=Browser())
    app = vestibule.App(settings, platform)
    seen = {}
    while line := await lines.run_in_executor(None, sys.stdin.readline):
        try:
            say(await act(app, json.loads(line), seen))
        except vestibule.VestibuleError.Refused as refused:
            say({"error": "Refused", "code": refused.code})
        except vestibule.VestibuleError as error:
            say({"error": type(error).__name__})


asyncio.run(main())
