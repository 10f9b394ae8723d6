"""An app on the generated Python, for the test: stores, keys, browser and network are this program's own, and called by the core.

The first line of standard input is `{"issuer": …, "client_id": …, "scope": …}`, with `"resource"` where its tokens are for an API;
each further one is `{"do": WORD, …}`. Each is answered by one line of JSON. With `"container": "own"` the app owns the container
that the developer's apps share; with a port in its place the app that does is there, and has the container's key (owner.py).
"""

import asyncio
import json
import os
import subprocess
import sys

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

import owner
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
    elif word == "join":
        back = told.get("redirect_uri")
        joined = await (app.join_or_begin(back) if back else app.join())
        return {"joined": type(joined).__name__.split(".")[-1], "address": getattr(joined, "address", None)}
    elif word == "credentials":
        credentials = await app.credentials("GET", told.get("url", "https://api.example.com/notes"))
        return {"authorization": credentials.authorization, "dpop": credentials.dpop}
    elif word == "register":
        await app.register_device("A phone")
    elif word == "asked":
        seen["asked"] = asked = await app.asked(told["link"], "en")
        return {"client": asked.client().name, "scopes": [scope.words for scope in asked.scopes()]}
    elif word == "answer":
        decision = vestibule.Decision.ALLOW() if told["allow"] else vestibule.Decision.DENY()
        if "only" in told:
            decision = vestibule.Decision.ALLOW_ONLY([told["only"]])
        return {"redirect_to": await app.answer(seen["asked"], decision)}
    elif word == "hand-off":
        by = app.hand_off_by_key if told["by_key"] else app.hand_off
        hand_off = await by(told["client"], told.get("target"))
        return {"url": hand_off.url, "number": hand_off.number, "expires_in": hand_off.expires_in}
    elif word == "answer-hand-off":
        return {"address": await app.answer_hand_off(told["link"])}
    elif word == "sign-out":
        await app.sign_out(vestibule.Ending.EVERY_APP if told.get("every") else vestibule.Ending.THIS_APP)
    return {"signed_in": await app.is_signed_in(), "subject": await app.subject()}


async def main():
    lines = asyncio.get_running_loop()
    told = json.loads(sys.stdin.readline())
    settings = vestibule.Settings(
        issuer=told["issuer"], client_id=told["client_id"], scope=told["scope"], resource=told.get("resource")
    )
    keys, container, more = Keys(), told.get("container"), {}
    if container == "own":
        more = {"shared": Store(), "container_keys": Keys()}
    elif container:
        way = owner.Siblings(int(container))
        sign = Keys() if told.get("own_key") else owner.ContainerKeys(way)
        more = {"shared": owner.Container(way), "container_keys": sign, "network": owner.Net()}
    platform = vestibule.Platform(own=Store(), keys=keys, android_attester=Attester(keys), browser=Browser(), **more)
    app, seen = vestibule.App(settings, platform), {}
    answers = owner.Owner(more["shared"], more["container_keys"]) if container == "own" else None
    while line := await lines.run_in_executor(None, sys.stdin.readline):
        word = json.loads(line)
        try:
            say(answers.told(word) if word["do"] == "own" else await act(app, word, seen))
        except vestibule.VestibuleError.Refused as refused:
            say({"error": "Refused", "code": refused.code})
        except vestibule.VestibuleError.Platform as error:
            say({"error": "Platform", "reason": error.reason})
        except vestibule.VestibuleError as error:
            say({"error": type(error).__name__})


asyncio.run(main())
