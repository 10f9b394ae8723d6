"""A maker of phones, for the test. `maker.py root FOLDER` makes its root certificate (`root.pem`); `maker.py attest FOLDER KEY
CHALLENGE` prints what it says of a key (SubjectPublicKeyInfo) that was made with a challenge, as Android Key Attestation has it:
a certificate in DER. All bytes are in hex.
"""

import datetime
import pathlib
import sys

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
    load_pem_private_key,
)

PACKAGE, DIGEST = b"com.bank.app", bytes([7] * 32)
KEY_DESCRIPTION = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.1.17")


def der(tag, *parts):
    body = b"".join(parts)
    digits = len(body).to_bytes((len(body).bit_length() + 7) // 8 or 1, "big")
    length = digits if len(body) < 128 else bytes([0x80 | len(digits)]) + digits
    return bytes.fromhex(tag) + length + body


def small(tag, number):
    return der(tag, bytes([number]))


def described(challenge):
    """`KeyDescription`: in the trusted environment, to sign, unlocked for each use, on a locked device."""
    info = der("30", der("04", PACKAGE), small("02", 1))
    whose = der("04", der("30", der("31", info), der("31", der("04", DIGEST))))
    software = der("30", der("bf8545", whose))
    booted = der("30", der("04", bytes(32)), small("01", 255), small("0a", 0), der("04", bytes(32)))
    hardware = der(
        "30",
        der("a1", der("31", small("02", 2))),
        der("bf8378", small("02", 2)),
        der("bf853e", small("02", 0)),
        der("bf8540", booted),
    )
    head = [small("02", 4), small("0a", 1), small("02", 41), small("0a", 1)]
    return der("30", *head, der("04", challenge), der("04"), software, hardware)


def certificate(subject, public, key, extension, critical):
    name = lambda text: x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])
    day, now = datetime.timedelta(days=1), datetime.datetime.now(datetime.timezone.utc)
    made = x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name("Root")).public_key(public)
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - day).not_valid_after(now + day)
    return made.add_extension(extension, critical=critical).sign(key, SHA256())


def main(word, folder, *more):
    folder = pathlib.Path(folder)
    if word == "root":
        key = ec.generate_private_key(ec.SECP256R1())
        made = certificate("Root", key.public_key(), key, x509.BasicConstraints(ca=True, path_length=None), True)
        (folder / "root.pem").write_bytes(made.public_bytes(Encoding.PEM))
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / "root.key").write_bytes(private)
    else:
        public, challenge = (bytes.fromhex(text) for text in more)
        key = load_pem_private_key((folder / "root.key").read_bytes(), None)
        said = x509.UnrecognizedExtension(KEY_DESCRIPTION, described(challenge))
        made = certificate("Android Keystore Key", load_der_public_key(public), key, said, False)
        print(made.public_bytes(Encoding.DER).hex())


main(*sys.argv[1:])
