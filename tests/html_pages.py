"""Reading the pages that archcalc writes, strictly: what a browser would mend is an error here."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br"}
LOADING = {"src", "srcset", "data", "poster", "background", "formaction", "action", "manifest", "ping", "xlink:href"}
"""Attributes that make a browser load something, or go there by itself."""


class Page(HTMLParser):
    """A page: its elements, its texts, and what stands in scripts and styles."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.elements = []
        self.texts = []
        self.inline = {"script": [], "style": []}
        self.comments = []
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        assert len(names) == len(set(names)), f"{tag} {names}"
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in self.inline:
            self.inline[tag].append("")

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> of nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in self.inline:
            self.inline[self.open[-1]][-1] += data
        else:
            self.texts.append(data)

    def handle_comment(self, data):
        self.comments.append(data)

    @property
    def policy(self):
        """The content security policy: sources by directive."""
        (content,) = (at["content"] for tag, at in self.elements if at.get("http-equiv") == "Content-Security-Policy")
        return {words[0]: words[1:] for words in (part.split() for part in content.split(";"))}

    @property
    def data(self):
        """What the scripts read."""
        return json.loads(self.inline["script"][0])


def hashed(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def faults(page):
    """Yield what a page must not have: markup that loads something, runs something, or that its policy refuses."""
    policy = page.policy
    if policy["default-src"] != ["'none'"]:
        yield "a policy that lets things in"
    if page.comments:
        yield "a comment"
    types = [at.get("type", "") for tag, at in page.elements if tag == "script"]
    for type, text in zip(types, page.inline["script"], strict=True):
        if type != "application/json" and hashed(text) not in policy["script-src"]:
            yield "a script that the policy does not know"
    yield from ("a style that the policy does not know" for text in page.inline["style"]
                if hashed(text) not in policy["style-src"])  # fmt: skip
    for tag, attributes in page.elements:
        for name, value in attributes.items():
            if name.startswith("on") or name == "style" or name in LOADING:
                yield f"{tag} {name}={value}"
            if name == "href" and not (tag == "a" and re.match(r"https?://|#", value)) and value != "data:,":
                yield f"{tag} {name}={value}"
    style = "".join(page.inline["style"])
    if re.search(r"@import|url\(|expression|@font-face", style):
        yield "a style that loads something"
