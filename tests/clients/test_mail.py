"""Mail by SMTP, to aiosmtpd: without TLS on this machine, by STARTTLS and under TLS, with a password."""

import datetime
import email
import email.policy
import ipaddress
import os
import queue
import re
import shutil
import socket
import ssl
import tempfile
import unittest

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from provider import Browser, Provider

PASSWORD = "correct horse battery staple"


class Box:
    """Takes what comes, and notes under what."""

    def __init__(self):
        self.mails = queue.Queue()

    async def handle_DATA(self, server, session, envelope):
        under_tls = server.transport.get_extra_info("sslcontext") is not None
        self.mails.put((under_tls, session.auth_data, envelope))
        return "250 taken"


def authenticator(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"vestibule", b"p@ss:word"), auth_data=data.login)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def authority(folder):
    """A certificate for localhost that nobody else signed, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(hours=1)).not_valid_after(now + datetime.timedelta(hours=1))
    builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    paths = [os.path.join(folder, name) for name in ("cert.pem", "key.pem")]
    encoding, nothing = serialization.Encoding.PEM, serialization.NoEncryption()
    with open(paths[0], "wb") as file:
        file.write(certificate.public_bytes(encoding))
    with open(paths[1], "wb") as file:
        file.write(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, nothing))
    return paths


class Mail(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="vestibule-smtp-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.certificate, key = authority(cls.folder)
        cls.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        cls.tls.load_cert_chain(cls.certificate, key)

    def server(self, **options):
        box, port = Box(), free_port()
        controller = Controller(box, hostname="127.0.0.1", port=port, **options)
        controller.start()
        self.addCleanup(controller.stop)
        return box, port

    def provider(self, url, trusted=True):
        more = {"SSL_CERT_FILE": self.certificate} if trusted else {}
        settings = '[mail]\ntransport = "smtp"\nfrom = "Example <no-reply@example.com>"\n'
        provider = Provider(settings, {"VESTIBULE_MAIL_SMTP_URL": url, **more})
        self.addCleanup(provider.stop)
        return provider

    def sign_up(self, provider, address, language="en"):
        browser = Browser(provider.issuer)
        browser.language = language
        page = browser.open(f"{provider.issuer}/signup")
        page = browser.submit(page, "signup", {"email": address, "name": "Ada Lovelace", "password": PASSWORD})
        self.assertIn(address, page.html)
        return browser

    def whole(self, url, box, secure):
        provider = self.provider(url)
        browser = self.sign_up(provider, "ada@example.com")
        under_tls, login, envelope = box.mails.get(timeout=15)
        self.assertEqual((under_tls, login), (secure, b"vestibule" if secure else None))
        self.assertEqual((envelope.mail_from, envelope.rcpt_tos), ("no-reply@example.com", ["ada@example.com"]))
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.assertEqual((mail["From"], mail["To"]), ("Example <no-reply@example.com>", "ada@example.com"))
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        text = mail.get_body(("plain",)).get_content()
        link = re.search(rf"{re.escape(provider.issuer)}/signup/confirm\S+", text)[0]
        self.assertIn(link, mail.get_body(("html",)).get_content())
        page = browser.submit(browser.open(link), "confirm")
        self.assertIn("Ada Lovelace", page.html)
        self.assertTrue(page.url.startswith(f"{provider.issuer}/account"), page.url)
        self.assertTrue(box.mails.empty(), "one mail and no more")

    def test_on_this_machine(self):
        box, port = self.server()
        self.whole(f"smtp://127.0.0.1:{port}", box, False)

    def test_starttls(self):
        options = {"tls_context": self.tls, "require_starttls": True, "auth_required": True, "authenticator": authenticator}
        box, port = self.server(**options)
        self.whole(f"smtp://vestibule:p%40ss%3Aword@localhost:{port}?tls=required", box, True)

    def test_tls_from_the_first_byte(self):
        box, port = self.server(ssl_context=self.tls, auth_required=True, auth_require_tls=False, authenticator=authenticator)
        self.whole(f"smtps://vestibule:p%40ss%3Aword@localhost:{port}", box, True)

    def test_what_is_not_secure_gets_nothing(self):
        box, port = self.server()
        without = self.provider(f"smtp://localhost:{port}?tls=required")
        other, other_port = self.server(ssl_context=self.tls)
        untrusted = self.provider(f"smtps://localhost:{other_port}", trusted=False)
        for provider in (without, untrusted):
            self.sign_up(provider, "ada@example.com")
            self.assertIn("a mail could not be sent yet", provider.wait_for_log("could not be sent", 15))
        self.assertTrue(box.mails.empty() and other.mails.empty())

    def test_every_language_arrives_whole(self):
        box, port = self.server()
        provider = self.provider(f"smtp://127.0.0.1:{port}")
        for language, subject in (("de", "Bestätigen Sie Ihre E-Mail-Adresse"), ("ar", "أكِّد عنوان بريدك الإلكتروني")):
            self.sign_up(provider, f"{language}@example.com", language)
            envelope = box.mails.get(timeout=15)[2]
            self.assertTrue(envelope.content.isascii())
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.assertEqual((mail["Subject"], mail["Content-Language"]), (subject, language))
            html = mail.get_body(("html",)).get_content()
            self.assertIn('dir="rtl"' if language == "ar" else 'dir="ltr"', html)


if __name__ == "__main__":
    unittest.main()
