"""Names in sources."""

from __future__ import annotations

import re
from keyword import iskeyword


def identifier(name: str) -> str:
    """Return a name as Python may have it."""
    made = "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in name).strip("_") or "layer"
    made = f"layer_{made}" if made[0].isdigit() else made
    return f"{made}_" if iskeyword(made) else made


def camel(name: str) -> str:
    """Return a name as a class has it: ``conv_bn`` becomes ConvBn; what is in capitals stays."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    made = "".join(word[0].upper() + word[1:] for word in words) or "Part"
    return made if made[0].isalpha() else f"Net{made}"


def title_name(name: str, title: str) -> str:
    """Return the name of a network's class: as its title spells it, where that is the name itself."""

    def plain(text: str) -> str:
        return re.sub(r"[^a-z0-9]", "", text.lower())

    head = title.partition("(")[0]
    return camel(head.replace("-", "").replace("/", "_") if plain(head) == plain(name) else name)


def snake(name: str) -> str:
    """Return a name as a function has it."""
    made = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").lower() or "part"
    return made if made[0].isalpha() else f"net_{made}"
