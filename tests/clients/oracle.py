"""joserfc as an oracle for crates/jose/tests/it/oracles: one JSON request in a line, one answer in a line."""

import json
import sys
import warnings
from base64 import urlsafe_b64decode, urlsafe_b64encode

from joserfc import jwe, jws, jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey, import_key

# It warns of algorithms that it would rather not have.
warnings.simplefilter("ignore")


def decode(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encode(data):
    return urlsafe_b64encode(data).decode().rstrip("=")


def key_for(request):
    """A key as the library takes it; a password is its bytes."""
    key = request["key"]
    return OctKey.import_key(decode(key)) if isinstance(key, str) else import_key(key)


def sign(request):
    key, alg, payload = key_for(request), request["alg"], decode(request["payload"])
    if request["form"] == "compact":
        return jws.serialize_compact({"alg": alg}, payload, key, algorithms=[alg])
    member = {"protected": {"alg": alg}}
    members = member if request["form"] == "flattened" else [member]
    return json.dumps(jws.serialize_json(members, payload, key, algorithms=[alg]))


def verify(request):
    key, algorithms = key_for(request), [request["alg"]]
    if request["form"] == "compact":
        return encode(jws.deserialize_compact(request["token"], key, algorithms=algorithms).payload)
    return encode(jws.deserialize_json(json.loads(request["token"]), key, algorithms=algorithms).payload)


def encrypt(request):
    key, alg, enc = key_for(request), request["alg"], request["enc"]
    plaintext, algorithms = decode(request["payload"]), [alg, enc, "DEF"]
    protected = {"alg": alg, "enc": enc}
    if alg.startswith("PBES2"):
        protected["p2c"] = 1000
    if request.get("zip"):
        protected["zip"] = "DEF"
    if request["form"] == "compact":
        return jwe.encrypt_compact(protected, plaintext, key, algorithms=algorithms)
    own = {name: protected.pop(name) for name in ("alg", "p2c") if name in protected}
    form = jwe.FlattenedJSONEncryption if request["form"] == "flattened" else jwe.GeneralJSONEncryption
    message = form(protected, plaintext)
    message.add_recipient(own, key)
    return json.dumps(jwe.encrypt_json(message, None, algorithms=algorithms))


def decrypt(request):
    key, algorithms = key_for(request), [request["alg"], request["enc"], "DEF"]
    if request["form"] == "compact":
        return encode(jwe.decrypt_compact(request["token"], key, algorithms=algorithms).plaintext)
    return encode(jwe.decrypt_json(json.loads(request["token"]), key, algorithms=algorithms).plaintext)


def claims(request):
    token = jwt.decode(request["token"], key_for(request), algorithms=[request["alg"]])
    rules = jwt.JWTClaimsRegistry(
        now=request["now"],
        iss={"essential": True, "value": request["issuer"]},
        aud={"essential": True, "value": request["audience"]},
    )
    rules.validate(token.claims)
    return token.claims


def thumbprint(request):
    return import_key(request["key"]).thumbprint()


def generate(request):
    crv = request.get("crv")
    if crv in ("Ed25519", "X25519"):
        key = OKPKey.generate_key(crv)
    elif crv:
        key = ECKey.generate_key(crv)
    else:
        key = RSAKey.generate_key(2048)
    return key.as_dict(private=True)


OPERATIONS = {
    one.__name__: one for one in (sign, verify, encrypt, decrypt, claims, thumbprint, generate)
}

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"ok": OPERATIONS[request["op"]](request)}
    except Exception as error:  # whatever it is, it is a refusal
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
