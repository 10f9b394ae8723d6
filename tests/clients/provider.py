"""A provider of one's own and a person with a browser, for the Python test. See provider.mjs and browser.mjs."""

import atexit
import json
import os
import queue
import re
import shutil
import subprocess
import tempfile
import threading
import time
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests

HOPS = 12


class Provider:
    """`vestibule serve` in a temporary directory, on a port it picks itself."""

    def __init__(self, settings="", environment=None):
        binary = os.environ.get("VESTIBULE_BIN")
        if not binary:
            raise RuntimeError("VESTIBULE_BIN is not set; run these tests with `cargo xtask test`")
        self.binary = os.path.abspath(binary)
        self.folder = tempfile.mkdtemp(prefix="vestibule-authlib-")
        config = os.path.join(self.folder, "vestibule.toml")
        with open(config, "w", encoding="utf-8") as file:
            file.write('listen = "127.0.0.1:0"\ndata_dir = "data"\n' + settings)
        self.environment = {"PATH": os.environ["PATH"], "HOME": self.folder, "VESTIBULE_CONFIG": config}
        self.environment.update(environment or {})
        with open(os.path.join(self.folder, "log"), "wb") as log:
            self.process = subprocess.Popen(
                [self.binary, "serve"], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        atexit.register(self.process.kill)
        address = self._address(20)
        answer = requests.get(f"{address}/.well-known/openid-configuration", timeout=10)
        self.issuer = answer.json()["issuer"]

    def add_user(self, email, password, *more):
        self._cli(["user", "add", email, "--password-stdin", "--verified", *more], password + "\n")
        return {"username": email, "password": password}

    def add_client(self, name, *more):
        return json.loads(self._cli(["client", "add", name, *more, "--json"]))

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(12)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def wait_for_log(self, words, seconds):
        """The log as soon as these words stand in it, or at the end of the time."""
        for _ in range(10 * seconds):
            with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as log:
                text = log.read()
            if words in text:
                break
            time.sleep(0.1)
        return text

    def _address(self, seconds):
        lines = queue.Queue()
        reader = lambda: [lines.put(line) for line in iter(self.process.stdout.readline, "")] and None or lines.put("")
        threading.Thread(target=reader, daemon=True).start()
        while line := lines.get(timeout=seconds):
            if line.startswith("listening on "):
                return line.split()[2]
        with open(os.path.join(self.folder, "log"), encoding="utf-8", errors="replace") as log:
            raise RuntimeError(f"vestibule serve ended before it was ready\n{log.read()}")

    def _cli(self, arguments, text=""):
        done = subprocess.run(
            [self.binary, *arguments], cwd=self.folder, env=self.environment, input=text, capture_output=True, text=True, timeout=20
        )
        if done.returncode:
            raise RuntimeError(f"vestibule {' '.join(arguments)}: status {done.returncode}\n{done.stderr}")
        return done.stdout


class Page:
    """Either a page of the provider with its form, or an answer that has `left` for a client."""

    def __init__(self, url, html="", left=None, params=None, posted=False):
        self.url, self.html, self.left, self.params, self.posted = url, html, left, params or {}, posted
        self.form = None


class Browser:
    """Follows redirects by hand and fills in the forms that carry `data-step`."""

    def __init__(self, issuer):
        self.origin = origin(issuer)
        self.session = requests.Session()
        self.language = "en"

    def open(self, url):
        return self._go("GET", url)

    def submit(self, page, action, fields=None):
        return self._submit(page, action, fields)

    def walk(self, url, user):
        page = self._go("GET", url)
        for _ in range(HOPS):
            if page.left:
                return page
            step = page.form and page.form["step"]
            if step == "signin":
                page = self._submit(page, "signin", user)
            elif step in ("continue", "signout"):
                page = self._submit(page, step)
            elif step == "consent":
                page = self._submit(page, "allow")
            else:
                break
        raise AssertionError(f"no way on from {page.url}\n{page.html}")

    def _submit(self, page, action, fields=None):
        data = [*page.form["hidden"], ("action", action), *(fields or {}).items()]
        return self._go("POST", urljoin(page.url, page.form["action"] or ""), data)

    def _go(self, method, url, data=None):
        for _ in range(HOPS):
            if origin(url) != self.origin:
                return Page(url, left=url, params=dict(parse_qsl(urlsplit(url).query)))
            headers = {"Accept-Language": self.language, **({"Origin": self.origin} if data else {})}
            answer = self.session.request(method, url, data=data, headers=headers, allow_redirects=False, timeout=15)
            if "location" not in answer.headers:
                return self._page(answer)
            url, method, data = urljoin(url, answer.headers["location"]), "GET", None
        raise AssertionError(f"more than {HOPS} redirects, the last to {url}")

    def _page(self, answer):
        forms = Forms.read(answer.text)
        for form in forms:
            target = urljoin(answer.url, form["action"] or "")
            if origin(target) != self.origin:
                return Page(answer.url, left=target, params=dict(form["hidden"]), posted=True)
        page = Page(answer.url, answer.text)
        page.form = next((form for form in forms if form["step"]), None)
        return page


class Forms(HTMLParser):
    """The forms of a page with their hidden fields."""

    def __init__(self):
        super().__init__()
        self.forms = []

    @classmethod
    def read(cls, html):
        parser = cls()
        parser.feed(html)
        return parser.forms

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag == "form":
            self.forms.append({"action": named.get("action"), "step": named.get("data-step"), "hidden": []})
        elif tag == "input" and named.get("type") == "hidden" and self.forms:
            self.forms[-1]["hidden"].append((named.get("name"), named.get("value") or ""))


def origin(url):
    return re.match(r"[^:]+://[^/?#]+", url)[0]
