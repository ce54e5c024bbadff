"""Closed forms: exact, of the degree that they have, checked where they say so, and refused where there are none."""

from __future__ import annotations

import json
import random
import subprocess
from fractions import Fraction
from itertools import product
from shutil import which

import pytest
from making import spec
from running import run, soon

import archcalc
from archcalc.analyses.formulas.polynomial import interpolate
from archcalc.errors import RequestError, SpecError

NARROW = spec(
    '{conv: {filters: "=max(8, k)", kernel: 3}}', "{conv: {filters: =2**power}}", head="args: {k: 4, power: 1}"
)


def formulas(text, *variables, **options):
    """Return the formulas of a spec as text."""
    form = archcalc.loads(text).formula(*variables, **options)
    return {word: str(polynomial) for word, polynomial in form.totals.items()}


def refusal(text, *variables):
    """Return why a spec has no formula."""
    with pytest.raises(RequestError) as error:
        archcalc.loads(text).formula(*variables)
    return str(error.value)


def test_interpolation_gives_the_polynomial_back():
    generator = random.Random(5)
    for _ in range(20):
        count = generator.randint(1, 3)
        powers = [generator.randint(0, 3) for _ in range(count)]
        terms = {
            each: Fraction(generator.randint(-9, 9), generator.choice((1, 2, 6)))
            for each in product(*(range(power + 1) for power in powers))
        }

        def value(*point, terms=terms):
            total = Fraction(0)
            for own, coefficient in terms.items():
                for base, power in zip(point, own, strict=True):
                    coefficient *= Fraction(base) ** power
                total += coefficient
            return total

        axes = [range(start := generator.randint(0, 5), start + power + 1) for power in powers]
        names = tuple("xyz"[:count])
        found = interpolate(names, axes, {point: value(*point) for point in product(*axes)})
        assert {term.powers: term.coefficient for term in found.terms} == {k: v for k, v in terms.items() if v}
        assert found(*range(11, 11 + count)) == value(*range(11, 11 + count))


def test_resnets_in_the_input():
    form = archcalc.formula("resnet101", "input=32*n")
    assert str(form.totals["macs"]) == "154,451,968·n² + 2,048,000"
    assert (form.starts, form.exceptions) == ((1,), ())
    # stage by stage, each with 1/4 of the places of the one before: 16·n x 16·n behind conv1
    fifty = 9_408 * 16**2 + 212_992 * 8**2 + 1_212_416 * 4**2 + 7_077_888 * 2**2 + 14_942_208
    macs = archcalc.formula("resnet50", "input=32*n").totals["macs"]
    assert {term.powers: term.coefficient for term in macs.terms} == {(2,): fifty, (0,): 2_048_000}
    resnet50 = archcalc.load("resnet50")
    assert [macs(n) for n in (7, 12)] == [resnet50.analyze(32 * n).macs for n in (7, 12)]


def test_the_stages_of_the_lecture():
    assert formulas_of("stage") == {"params": "9·C²", "macs": "36·C²·H·W", "memory_values": "4·C·H·W"}
    assert formulas_of("next-stage") == {"params": "36·C²", "macs": "36·C²·H·W", "memory_values": "2·C·H·W"}


def formulas_of(network):
    form = archcalc.formula(network, "C,H,W", depth=1)
    assert str(form.input_values) == str(form.rows["conv"]["memory_values"])
    return {word: str(polynomial) for word, polynomial in form.rows["conv"].items()}


def test_by_hand():
    """Conv with c filters on 3 x 2s x s, then a classifier of k classes, for b images."""
    text = spec(
        "{conv: {filters: =c, kernel: 3, pad: 1}}", "{fc: =k}", head="args: {c: 4, k: 10, s: 5}", input=(3, 8, 8)
    ).replace("input: [3, 8, 8]", "input: [3, =2*s, =s]")
    assert formulas(text, "c,k", "s", "batch=b") == {
        "params": "2·c·k·s² + 28·c + k",  # (27 + 1)·c, and (2s·s·c + 1)·k
        "macs": "2·c·k·s²·b + 54·c·s²·b",
        "memory_values": "2·c·s²·b + 6·s²·b + k·b",
        "depth": "2",
    }


def test_coefficients_are_exact_fractions():
    """Each of n concatenations reads one channel more: 3 + (3 + 1) + ... = n²/2 + 5n/2 weights of 1x1 filters."""
    text = spec("{concat: [[], [{conv: {filters: 1, bias: false}}]], repeat: =n}", head="args: {n: 2}")
    form = archcalc.loads(text).formula("n")
    assert str(form.totals["params"]) == "1/2·n² + 5/2·n"
    assert form.totals["params"].to_json()["terms"] == [
        {"coefficient": "1/2", "powers": {"n": 2}}, {"coefficient": "5/2", "powers": {"n": 1}},
    ]  # fmt: skip
    assert form.totals["params"](5) == 3 + 4 + 5 + 6 + 7
    assert str(archcalc.loads(text).formula("n=2*m").totals["params"]) == "2·m² + 5·m"


def test_a_negative_coefficient():
    text = spec("{conv: {filters: =9*k-5, bias: false}}", head="args: {k: 2}")
    assert formulas(text, "k")["params"] == "27·k − 15"


def test_sequences_channels_and_several_inputs():
    sequence = "name: s\ninput: [2, 16]\nlayers: [{conv: {filters: 4, kernel: 3, pad: 1, bias: false}}]\n"
    assert formulas(sequence, "input=l,input_channels=c") == {
        "params": "12·c", "macs": "12·l·c", "memory_values": "l·c + 4·l", "depth": "1",
    }  # fmt: skip
    twins = "name: t\ninput: {a: [3, 8, 8], b: [3, 8, 8]}\nlayers: [{from: a, relu: }, {from: b, conv: 2}]\n"
    assert formulas(twins, "b=n")["macs"] == "6·n²"
    assert "has no argument 'input' (there are a, b, batch)" in refusal(twins, "input=n")


def test_the_least_value_may_be_special():
    form = archcalc.formula("wrn-28-10", "k")
    assert form.starts == (2,)
    (one,) = form.exceptions
    wide, one_by_one = archcalc.load("wrn-28-10"), archcalc.load("wrn-28-10").analyze(set={"k": 1}).params
    assert (one.point, one.value) == ((1,), one_by_one)
    assert one.formula == form.totals["params"](1) == one_by_one + 16 * 16  # a projection of 16 on 16 channels
    assert [form.totals["params"](k) for k in (2, 10)] == [wide.analyze(set={"k": k}).params for k in (2, 10)]


def test_what_is_checked_is_named_and_lies_off_the_grid():
    form = archcalc.formula("resnet50", "input=32*n,n4")
    assert len(form.checked) >= 6
    assert not set(form.checked) & set(product(*form.settled))
    assert any(min(point) >= 10 for point in form.checked)


@pytest.mark.parametrize(
    ("variable", "filters", "says"),
    [
        ("k", "max(8, k)", 'at k = 9 they are 252, where the polynomial through k = 1 gives 224; from k = 8 on'),
        ("k", "max(700, k)", "at k = 701 they are 19,628, where the polynomial through k = 1 gives 19,600"),
        ("k", "min(20, k)", "at k = 21 they are 560"),
        ("k", "k // 3 + 1", 'at k = 3 they are 56, where the polynomial through k = 1 gives 28; in steps of 3'),
        ("k", "100 + k // 50", "at k = 50 they are 2,828"),
        ("k", "2**k", "at k = 10 they are"),
        ("k", "5 if k == 4 else k", "at k = 4 they are 140"),
    ],
)  # fmt: skip
def test_what_is_no_polynomial_is_refused_at_the_first_point(variable, filters, says):
    text = spec(f'{{conv: {{filters: "={filters}", kernel: 3, pad: 1}}}}', head="args: {k: 4}")
    message = refusal(text, variable)
    assert message.startswith("params of made are no polynomial in k: ")
    assert says in message


def test_the_network_s_own_value_is_among_those_checked():
    text = spec("{conv: {filters: =filters}}", "{when: =filters != 333, relu: , name: a}", head="args: {filters: 333}")
    assert archcalc.loads(text).formula("filters").checked[-2:] == ((1024,), (10007,))
    special = spec("{conv: {filters: '=1 if filters == 333 else filters'}}", head="args: {filters: 333}")
    assert "at filters = 333 they are 4" in refusal(special, "filters")


def test_what_is_offered_instead_has_a_formula():
    text = spec('{conv: {filters: "=max(8, k)", kernel: 3, pad: 1}}', head="args: {k: 4}")
    assert formulas(text, "k=8+j")["params"] == "28·j + 224"
    with pytest.raises(RequestError, match=r'in steps of 32 there is one: --in "input=32\*n"'):
        archcalc.formula("resnet50", "input")
    with pytest.raises(RequestError, match=r'--in "filters=4\*m"'):  # n is an argument of its own
        archcalc.formula("bottleneck-block", "filters")
    assert str(archcalc.formula("bottleneck-block", "filters=4*n").totals["params"]) == "17·n²"


def test_what_is_cut_for_long_is_not_taken_for_constant():
    """A patch of 16 cuts 16 inputs in a row alike; only steps of 16 have a formula, and each remainder has its own."""
    with pytest.raises(RequestError, match=r'in steps of 16 there is one: --in "input=16\*n"'):
        archcalc.formula("vit-b-16", "input")
    result = run("formula", "vit-b-16", "--in", "input", "--per", "remainder", "--format", "json")
    found = json.loads(result.stdout)
    assert found["modulus"] == 16
    assert all("reason" not in each for each in found["remainders"])
    for remainder, size in ((0, 224), (5, 69), (15, 319)):
        terms = found["remainders"][remainder]["formulas"]["macs"]["terms"]
        value = sum(term["coefficient"] * (size // 16) ** term["powers"].get("n", 0) for term in terms)
        assert value == archcalc.load("vit-b-16").analyze(size).macs


def test_what_is_offered_is_looked_for_where_layers_come_in_blocks():
    """Twice the layers from one value to the next are no explosion where they are the first of many steps."""
    with pytest.raises(RequestError, match=r'in steps of 6 there is one: --in "depth=6\*m"'):
        archcalc.formula("densenet-bc250-k24", "depth")
    form = archcalc.formula("densenet-bc250-k24", "depth=6*m")
    assert form.totals["params"](42) == archcalc.load("densenet-bc250-k24").analyze().params


def test_networks_that_need_a_remainder():
    """As the U-Net of the paper, whose input is 12 more than a multiple of 16."""
    rule = "args: {s: 572}\nrequire: {=s >= 188 and s % 16 == 12: twelve more than a multiple of 16}"
    text = spec("{conv: {filters: 2, kernel: 3}}", head=rule).replace("[3, 8, 8]", "[3, =s, =s]")
    assert 'in steps of 16 there is one: --in "s=16*n+12"' in refusal(text, "s")
    form = archcalc.loads(text).formula("s=16*n+12")
    assert form.starts == (11,)
    assert form.totals["macs"](35) == 570 * 570 * 2 * 27


def test_a_requirement_ends_the_values():
    text = spec("{conv: {filters: =k}}", head="args: {k: 4}\nrequire: {=k <= 40: forty at most}")
    form = archcalc.loads(text).formula("k")
    assert form.impossible[0][0] == (64,)
    assert "forty at most" in form.impossible[0][1]
    few = spec("{conv: {filters: =k}}", head="args: {k: 2}\nrequire: {=k <= 3: three at most}")
    assert "k = 1, 2, 3 are too few to find a formula" in refusal(few, "k")
    large = spec("{conv: {filters: =k}}", head="args: {k: 12345}\nrequire: {=k > 9999: too small}")
    assert archcalc.loads(large).formula("k").starts == (10_000,)
    assert "made cannot be built at j = 1: too small (k > 9999; here k 1)" in refusal(large, "k=j")


def test_remainders_agree_with_the_network_at_every_size():
    result = run("formula", "lenet5", "--in", "input", "--per", "remainder", "--format", "json")
    assert result.exit_code == 0, result.stderr
    text = spec("{conv: {filters: 2, kernel: 3, stride: 2}}", "{max_pool: {kernel: 2, stride: 2}}", "{fc: 5}")
    data = json.loads(run("formula", "-", "--in", "input", "--per", "remainder", "-f", "json", input=text).stdout)
    assert data["modulus"] == 4
    network, seen = archcalc.loads(text), set()
    for each in data["remainders"]:
        (least,) = each["domain"].values()
        for n in range(least, least + 5):
            size = 4 * n + each["remainder"]
            report = network.analyze(size)
            seen.add(size)
            for word, formula in each["formulas"].items():
                value = sum(term["coefficient"] * n ** term["powers"].get("n", 0) for term in formula["terms"])
                assert value == getattr(report, word)
    assert set(range(8, 20)) <= seen


def test_rows_add_up():
    form = archcalc.formula("googlenet", "input=32*n", depth=1)
    for word in ("params", "macs", "memory_values"):
        assert sum(own[word](9) for own in form.rows.values()) == form.totals[word](9)
    repeated = spec("{name: a, conv: 3, repeat: =n}", head="args: {n: 2}")
    assert str(archcalc.loads(repeated).formula("n", depth=1).rows["a"]["params"]) == "12·n"
    with pytest.raises(RequestError, match="the row a/2 of made does not exist at all values of n"):
        archcalc.loads(repeated).formula("n", every=True)


def test_json():
    result = run("formula", "resnet101", "--in", "input=32*n", "--format", "json", "--per", "layer")
    data = json.loads(result.stdout)
    assert data["schema"] == 1
    assert data["formulas"]["macs"] == {
        "text": "154,451,968·n² + 2,048,000",
        "terms": [{"coefficient": 154451968, "powers": {"n": 2}}, {"coefficient": 2048000, "powers": {}}],
    }
    assert list(data["formulas"]) == ["params", "macs", "memory_values", "depth"]
    assert data["rows"][1]["formulas"]["macs"]["terms"] == [{"coefficient": 9408 * 16**2, "powers": {"n": 2}}]
    assert {"n": 101} in data["checked"]
    assert data["settled"] == [{"n": 1}, {"n": 2}, {"n": 3}]


def test_csv_has_a_line_for_each_term():
    lines = run("formula", "resnet101", "--in", "input=32*n,batch", "--format", "csv").stdout.splitlines()
    assert lines[0] == "row,quantity,coefficient,n,batch"
    assert "total,macs,154451968,2,1" in lines
    assert "total,macs,2048000,0,1" in lines


def test_ascii_and_latex():
    assert "154,451,968*n^2 + 2,048,000" in run("formula", "resnet101", "--in", "input=32*n", "--ascii").stdout
    latex = run("formula", "stage", "--in", "C,H,W", "--per", "layer", "--format", "latex").stdout
    assert r"$36\,C^{2}\,H\,W$" in latex
    assert not set("·²≥") & set(latex)
    for more in ([], ["--ascii"]):
        named = run("formula", "resnet50", "--in", "input_height=32*input_h", "--format", "latex", *more).stdout
        assert r"$550{,}846{,}464\,\mathit{input\_h} + 2{,}048{,}000$" in named


@pytest.mark.skipif(which("pdflatex") is None, reason="there is no LaTeX here")
def test_latex_compiles(tmp_path):
    body = run("formula", "wrn-28-10", "--in", "k,input_width=8*w_8", "--per", "layer", "--format", "latex").stdout
    head = "\\documentclass{article}\\usepackage{booktabs}\\begin{document}\n"
    (tmp_path / "a.tex").write_text(f"{head}{body}\\end{{document}}\n", encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("variable", "says"),
    [
        ("depht", "resnet50 has no argument 'depht'"),
        ("imput=3*n", "(did you mean 'input'?)"),
        ("input=32n", "write products with *, 32*n"),
        ("input=32*", "is not a formula"),
        ("input=", "write --in NAME or --in NAME=EXPR"),
        ("input=224", "no variable"),
        ("n4,n4=2*n", "n4 is given twice"),
        ("input=32*n/0", "divides by zero"),
        ("n2=a,n3=b,n4=c,n5=d,classes=e,input=32*f,batch=g", "7 variables"),
        ("block", "--in block: block is bottleneck in resnet50; a formula can only vary numbers"),
        ("bias=n", "--in bias: bias is false in resnet50"),
    ],
)
def test_mistakes_of_the_request(variable, says):
    result = run("formula", "resnet50", "--in", variable)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


def test_a_spec_that_is_wrong_is_that():
    text = spec("{conv: {filters: =k, kernel: 9}}", head="args: {k: 4}")
    assert run("formula", "-", "--in", "k", input=text).exit_code == 3
    with pytest.raises(SpecError):
        archcalc.loads(text).formula("k")
    needs = spec("{conv: {filters: =k}}", head="args: {k: }")
    assert formulas(needs, "k")["params"] == "4·k"


def test_what_does_not_vary_is_as_it_was_set():
    options = {"set": {"n4": 23}, "input": 64, "batch": 3}
    form = archcalc.formula("resnet50", "classes", **options)
    report = archcalc.load("resnet50").analyze(64, set={"n4": 23, "classes": 77}, batch=3)
    assert {word: form.totals[word](77) for word in form.totals} == {w: getattr(report, w) for w in form.totals}


def test_narrow_power_is_refused_in_the_words_of_the_page():
    assert "polynomial through power = 1, 2, 3, 4, 5, 6, 7, 8, 9 gives" in refusal(NARROW, "power")


@pytest.mark.parametrize("given", [("n4", "--set", "n4=3"), ("input=32*n", "--input", "64"), ("batch", "--batch", "4")])
def test_what_is_fixed_does_not_vary(given):
    variable, *option = given
    result = run("formula", "resnet50", "--in", variable, *option)
    assert result.exit_code == 2
    assert f"{variable.partition('=')[0]} is varied, and fixed by {' '.join(option)}" in result.stderr


def test_what_grows_exponentially_is_refused_soon():
    text = """
name: tree
input: [3, 8, 8]
args: {n: 3}
blocks:
  both:
    args: {n: }
    layers:
      - {when: =n == 1, conv: {filters: 3, bias: false}}
      - {when: =n > 1, both: =n-1}
      - {when: =n > 1, both: =n-1}
layers: [{both: =n}]
"""
    with soon(20):
        assert "at n = 10 they are 4,608, where the polynomial through n = 1, 2, 3" in refusal(text, "n")


@pytest.mark.parametrize("given", [("--set", "power=-1"), ("--input", "2")])
def test_what_else_the_command_line_sets_is_to_blame(given, tmp_path):
    (tmp_path / "narrow.yaml").write_text(NARROW, encoding="utf-8")
    result = run("formula", tmp_path / "narrow.yaml", "--in", "k=8+j", *given)
    assert result.exit_code == 2
    assert " ".join(given) in result.stderr
