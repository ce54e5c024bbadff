"""The generated page about printed figures that do not simply follow from the network that they describe."""

from __future__ import annotations

from itertools import groupby
from textwrap import fill
from typing import TYPE_CHECKING

from zoo_pages import WRITTEN, families_by_year, linked

import archcalc
from archcalc import units
from archcalc.conventions.convention import find as convention
from archcalc.published.check import check
from archcalc.published.claims import check_claims
from archcalc.published.sources import known, shared
from archcalc.published.stats import distinct, source_stats
from archcalc.published.verdicts import AGREES_UNDER, APPROXIMATE, MISPRINT, OTHER, UNEXPLAINED
from archcalc.render.check import summary
from archcalc.render.findings import computed, counted, explained, tried

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archcalc.language.model import Cite
    from archcalc.published.verdicts import Finding

_INTRO = """Most printed figures follow from the network that they describe, digit by digit. Here are the others: those
that agree under an argument, a convention or another reading that their source does not state, approximate ones, those
that describe something else, those that nobody has been able to reproduce, and misprints, where the arithmetic or the
source itself shows the slip. None of them says anything about the quality of the work in which they appeared. Where a
reading is named, `archcalc check` computes it, and it reports when a figure that is listed as unexplained or as a
misprint agrees after all. If you can explain one of them, add it to its spec: [how figures are
recorded](published-figures.md)."""

_SECTIONS = {
    AGREES_UNDER: ("Figures that agree under a condition", """They follow from the network under an argument of its
spec, under a convention of counting, or if some rows are left out. Their source does not say so."""),
    APPROXIMATE: ("Approximate figures", """Their source says "about", and they are."""),
    OTHER: ("Figures of something else", """They are correct as printed, but describe another quantity, or another
network than the spec."""),
    UNEXPLAINED: ("Unexplained figures", """Neither a reading nor a slip was found that gives them. What was tried is
listed."""),
    MISPRINT: ("Misprints", """The arithmetic of the source, or another place in it, shows the slip."""),
}  # fmt: skip

_QUANTITIES = {
    "fc_layers": "fully connected layers",
    "macs": "MACs",
    "macs_share": "share of the MACs",
    "params": "parameters",
    "params_share": "share of the parameters",
    "pad": "padding",
}


def page() -> str:
    """Return the page: three stories, then all such figures by verdict, then the statistics of the sources."""
    families = families_by_year()
    specs = [spec for family in families for spec in family]
    sources = {**shared(), **{cite: source for spec in specs for cite, source in known(spec).items()}}
    by_family = [(family[0].family.title, [each for spec in family for each in check(spec)]) for family in families]
    by_family.append(("Claims about several networks", check_claims(specs)))
    findings = [each for _, own in by_family for each in own]
    lines = ["# Where printed figures differ", "", WRITTEN, "", _INTRO, "", fill(summary(findings), 120), ""]
    lines += [_contents(), "", "## Three stories", *_stories()]
    for status, (heading, text) in _SECTIONS.items():
        lines += ["", f"## {heading}", "", text]
        for title, own in by_family:
            chosen = [each for each in distinct(own) if each.status == status]
            if chosen:
                lines += ["", f"### {title}", *_told(chosen, sources, len({each.network for each in own}) > 1)]
    lines += ["", "## Sources", "", *_account(findings, sources)]
    return "\n".join(lines) + "\n"


def _contents() -> str:
    headings = ["Three stories", *(heading for heading, _ in _SECTIONS.values()), "Sources"]
    return "\n".join(f"- [{heading}](#{heading.lower().replace(' ', '-')})" for heading in headings)


def _stories() -> Iterator[str]:
    for heading, story in (
        ("224 or 227? Both", _alexnet()),
        ("The first layer of GoogLeNet", _googlenet()),
        ("The 93 MB of VGG-16", _vgg()),
    ):
        yield from ("", f"### {heading}", "", fill(story, 120, break_on_hyphens=False, break_long_words=False))


def _alexnet() -> str:
    model = archcalc.load("alexnet")
    cut, up = model.analyze(224), model.analyze(224, set={"rounding": "ceil"})
    first = [next(layer for layer in report.layers if layer.name == "conv1").output.height for report in (cut, up)]
    assert up.params == model.analyze().params
    return f"""AlexNet's paper feeds 224x224 images to a first layer of 11x11 windows at stride 4, and prints 55x55 for
its output. Lectures correct it to 227: (224 − 11)/4 + 1 = {units.quotient(224 - 11 + 4, 4)}, which is rounded down to
{first[0]}, while 227 gives 55. That is right for every framework that rounds sizes down. At 224, such a framework
silently builds a network of {cut.params:,} parameters. But the authors' own framework, cuda-convnet, rounds sizes up:
there 224 gives {first[1]}, the last window extends past the image by three pixels, and the network has {up.params:,}
parameters, as at 227. So the paper is right about its own program, and the lectures are right about most others.
`archcalc show alexnet --input 224` shows what the lectures warn about; with `--set rounding=ceil` it is the paper's
network."""


def _googlenet() -> str:
    model = archcalc.load("googlenet")
    plain, separable = model.analyze(), model.analyze(set={"stem": "separable"})
    (p_weights, p_macs), (s_weights, s_macs) = (
        (
            sum(layer.counts.params_by_kind.get("weight", 0) for layer in layers),
            sum(layer.macs for layer in layers),
        )
        for layers in (
            [layer for layer in report.layers if layer.name == "conv1" or layer.name.startswith("conv1/")]
            for report in (plain, separable)
        )
    )
    return f"""GoogLeNet's table prints 2.7K parameters and 34M operations for its first row, a 7x7 convolution with 64
filters, which has {p_weights:,} weights and takes {units.short(p_macs)}. The next paper from the same group says in one
sentence of its appendix that "separable convolution with depth multiplier 8" was used in the first layer. Such a layer
has 7·7·3·8 + 24·64 = {s_weights:,} weights and takes {units.short(s_macs)}; the whole network then takes
{units.short(separable.macs)}, the 1.5 billion that the paper's introduction names, where the plain one takes
{units.short(plain.macs)}. Try `archcalc show googlenet --set stem=separable`."""


def _vgg() -> str:
    report = archcalc.load("vgg16").analyze()
    rule = convention("conv-in-out")
    values = rule.total_memory_values(report)
    size = units.size(report.setup.bytes_of(values))
    return f"""A well-known course slide lists the memory of every layer of VGG-16 and adds it up to "24M * 4 bytes ~=
93MB". The rows above that line add up to {units.short(report.memory_values)} values, {units.size(report.memory_bytes)}.
{units.short(values)} values, {size}, follow if every convolution is charged for its input as well as for its output
(`--convention conv-in-out`). That rule was found by arithmetic and is documented nowhere, so it shows how the total may
have come about, and no more."""


def _told(findings: Iterable[Finding], sources: dict[str, Cite], several: bool) -> Iterator[str]:
    """Tell findings source by source, those with the same comment together."""
    for place, printed in groupby(findings, key=lambda each: (each.figure.cite, each.figure.where)):
        source = ", ".join(part for part in (linked(sources[place[0]]), place[1]) if part)
        together: dict[str, dict[str, list[str]]] = {}
        for each in printed:
            what, words = _in_words(each, several)
            together.setdefault(_comment(each), {}).setdefault(what, []).append(words)
        yield from ("", f"In {source}:", "")
        for comment, figures in together.items():
            yield f"- {'; '.join(what + '; '.join(words) for what, words in figures.items())}.{comment}"


def _comment(finding: Finding) -> str:
    figure = finding.figure
    reason = figure.misprint or figure.unexplained or figure.other
    note = figure.note and f" {figure.note[0].upper()}{figure.note[1:]}{'' if figure.note.endswith('.') else '.'}"
    return f" {reason}{note}" if reason else note


def _in_words(finding: Finding, several: bool) -> tuple[str, str]:
    """Say what was printed of which quantity; and of which network or layer, and what was computed."""
    figure = finding.figure
    words = f"printed {figure.printed}, computed {computed(finding)}{_reading(finding)}"
    if figure.quantity == "claim":
        if finding.computed is False:
            printed = "" if figure.printed == "holds" else f"printed {figure.printed}, "
            words = f"{printed}does not hold{_reading(finding)}"
        return f"{' '.join(figure.at or ())}: ", words
    how = counted(figure)
    what = _QUANTITIES.get(figure.quantity, figure.quantity.replace("_", " "))
    names = [f"`{name}`" for name in (*([finding.network] if several else []), *(figure.at or ()))]
    return f"**{what[0].upper()}{what[1:]}**{f' ({how})' if how else ''}: ", " ".join([*names, words])


def _reading(finding: Finding) -> str:
    """Say what gives the printed figure, or what was tried."""
    if finding.tried:
        return f"; tried: {', '.join(tried(finding))}"
    return f"; {given}" if (given := explained(finding)) else ""


def _account(findings: Iterable[Finding], sources: dict[str, Cite]) -> Iterator[str]:
    """Yield the table of every source: how many of its figures are recorded, and the verdicts on them."""
    yield "Every source of archcalc's figures, and the verdicts on them. A figure counts once, although it may be"
    yield "checked for all networks of a family."
    yield ""
    heads = ("agree", "under a condition", "approximate", "something else", "unexplained", "misprints", "measured",
             "remarks", "of no network")  # fmt: skip
    yield f"| source | key | figures | {' | '.join(heads)} |"
    yield f"| --- | --- | --: |{' --: |' * len(heads)}"
    for cite, each in source_stats(findings).items():
        numbers = (
            each.figures, each.agree, each.agree_under, each.approximate, each.other, each.unexplained, each.misprints,
            each.measured, each.remarks, each.of_no_network,
        )  # fmt: skip
        yield f"| {linked(sources[cite])} | `{cite}` | {' | '.join(str(number or '–') for number in numbers)} |"
