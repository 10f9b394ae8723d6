"""Android's way of sharing a container: one app owns store and key, and answers its siblings, which have neither. What stands
here for AccountManager or a bound service is a port of this machine: a line `WORD HEX…` is answered by `+HEX`, by `-` for nothing,
or by `!` where the owner refuses. On a phone the owner looks at who asks (`Binder.getCallingUid`, the signer's certificate).
"""

import http.client
import socket
import socketserver
import threading
import urllib.parse

import vestibule


class Owner:
    """The app that owns the container: it answers for its store, and signs with the container's key, which nobody is given."""

    def __init__(self, store, keys):
        self.store, self.keys = store, keys
        self.refuses, self.asked = False, []
        owner = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                word, *values = self.rfile.readline().decode().split()
                self.wfile.write(f"{owner.answer(word, [bytes.fromhex(value) for value in values])}\n".encode())

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def told(self, told):
        """What the test says to the owner itself."""
        if "refuse" in told:
            self.refuses = told["refuse"]
        asked, self.asked = self.asked, []
        return {"port": str(self.server.server_address[1]), "asked": asked}

    def answer(self, word, values):
        if self.refuses:
            return "!"
        self.asked.append(word)
        name = values[0].decode()
        if word == "get":
            secret = self.store.get(name)
            return "-" if secret is None else f"+{secret.encode().hex()}"
        if word == "public":
            return f"+{self.keys.open(name).public_key().hex()}"
        if word == "sign":
            return f"+{self.keys.open(name).sign(values[1]).hex()}"
        if word == "put":
            self.store.put(name, values[1].decode())
        elif word == "remove":
            self.store.remove(name)
        elif word == "forget":
            self.keys.forget(name)
        return "-"


class Siblings:
    """The way to the owner."""

    def __init__(self, port):
        self.port = port

    def ask(self, word, *values):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=10) as way:
                way.sendall(f"{' '.join([word, *(value.hex() for value in values)])}\n".encode())
                said = way.makefile().readline().strip()
        except OSError:
            raise vestibule.PlatformError.Failed("the owning app is not there")
        if said == "!":
            raise vestibule.PlatformError.Failed("the owning app refuses")
        return bytes.fromhex(said[1:]) if said.startswith("+") else None


class Container(vestibule.SecretStore):
    def __init__(self, way):
        self.way = way

    def get(self, name):
        secret = self.way.ask("get", name.encode())
        return secret and secret.decode()

    def put(self, name, secret):
        self.way.ask("put", name.encode(), secret.encode())

    def remove(self, name):
        self.way.ask("remove", name.encode())


class ContainerKey(vestibule.DeviceKey):
    def __init__(self, way, name):
        self.way, self.name = way, name.encode()

    def public_key(self):
        return self.way.ask("public", self.name)

    def sign(self, message):
        return self.way.ask("sign", self.name, message)


class ContainerKeys(vestibule.KeyStore):
    def __init__(self, way):
        self.way = way

    def open(self, name):
        return ContainerKey(self.way, name)

    def forget(self, name):
        self.way.ask("forget", name.encode())


class Net(vestibule.Network):
    """The app's own network: no redirects, no cookies."""

    def send(self, request):
        url = urllib.parse.urlsplit(request.url)
        way = http.client.HTTPConnection(url.netloc, timeout=10)
        try:
            headers = {header.name: header.value for header in request.headers}
            way.request(request.method, url._replace(scheme="", netloc="").geturl(), request.body, headers)
            answer = way.getresponse()
            headers = [vestibule.HttpHeader(name=name, value=value) for name, value in answer.getheaders()]
            return vestibule.HttpAnswer(status=answer.status, headers=headers, body=answer.read())
        except OSError as error:
            raise vestibule.PlatformError.Failed(str(error))
        finally:
            way.close()
