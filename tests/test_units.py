"""Rounded figures at the boundaries where a unit, a digit or a sign changes; expected texts are rounded by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from running import run

from archcalc import units

KIB, MIB, GIB, TIB, PIB = (1024**power for power in range(1, 6))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1, "1"),
        (999, "999"),
        (1_000, "1.00K"),
        (1_004, "1.00K"),
        (1_005, "1.01K"),
        (999_994, "999.99K"),
        (999_995, "1.00M"),
        (999_999, "1.00M"),
        (1_000_000, "1.00M"),
        (138_357_544, "138.36M"),
        (999_994_999, "999.99M"),
        (999_995_000, "1.00G"),
        (999_999_999, "1.00G"),
        (15_470_264_320, "15.47G"),
        (999_994_999_999, "999.99G"),
        (999_995_000_000, "1.00T"),
        (999_994_999_999_999, "999.99T"),
        (999_995_000_000_000, "1.00P"),
        (10**18, "1,000.00P"),
    ],
)
def test_short(value, text):
    assert units.short(value) == text


@pytest.mark.parametrize(
    ("value", "binary", "decimal"),
    [
        (0, "0 B", "0 B"),
        (1, "1 B", "1 B"),
        (999, "999 B", "999 B"),
        (1_000, "1000 B", "1.0 kB"),
        (KIB - 1, "1023 B", "1.0 kB"),
        (KIB, "1.0 KiB", "1.0 kB"),
        (999_949, "976.5 KiB", "999.9 kB"),
        (999_950, "976.5 KiB", "1.0 MB"),
        (MIB - 52, "1,023.9 KiB", "1.0 MB"),
        (MIB - 51, "1.0 MiB", "1.0 MB"),
        (MIB - 1, "1.0 MiB", "1.0 MB"),
        (MIB, "1.0 MiB", "1.0 MB"),
        (60_950_432, "58.1 MiB", "61.0 MB"),
        (GIB - 1, "1.0 GiB", "1.1 GB"),
        (TIB - 1, "1.0 TiB", "1.1 TB"),
        (PIB - 1, "1.0 PiB", "1.1 PB"),
        (1024 * PIB, "1,024.0 PiB", "1,152.9 PB"),
    ],
)
def test_size(value, binary, decimal):
    assert units.size(value) == binary
    assert units.size(value, si=True) == decimal


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, units.Unit("K", 1000), "0"),
        (1, units.Unit("K", 1000), "0.001"),
        (1, units.Unit("M", 10**6), "0.000001"),
        (94, units.Unit("K", 1000), "0.09"),
        (95, units.Unit("K", 1000), "0.1"),
        (949, units.Unit("K", 1000), "0.9"),
        (950, units.Unit("K", 1000), "1"),
        (999, units.Unit("K", 1000), "1"),
        (1_000, units.Unit("K", 1000), "1"),
        (1_499, units.Unit("K", 1000), "1"),
        (1_500, units.Unit("K", 1000), "2"),
        (999_500, units.Unit("K", 1000), "1,000"),
        (40, units.Unit("KB", 1024), "0.04"),
        (511, units.Unit("KB", 1024), "0.5"),
        (1_535, units.Unit("KB", 1024), "1"),
        (1_536, units.Unit("KB", 1024), "2"),
        (7, units.Unit("", 1), "7"),
    ],
)
def test_whole(value, unit, text):
    assert units.whole(value, unit) == text


def test_nothing_but_0_is_written_as_0():
    for value in (1, 2, 40, 49, 50, 499, 500):
        for size in (1000, 1024, 10**6, 10**9):
            assert float(units.whole(value, units.Unit("x", size))) > 0
            assert float(units.percent(value, 10**4 * size).removesuffix("%")) > 0
            assert float(units.share(value, 10.0**4 * size).removesuffix("%")) > 0
            assert float(units.ratio(value, 10**4 * size).removesuffix("x")) > 0


@pytest.mark.parametrize(
    ("value", "base", "text"),
    [
        (0, 7, "0x"),
        (7, 0, "–"),
        (0, 0, "–"),
        (1, 10**6, "0.00000100x"),
        (999, 10**6, "0.000999x"),
        (115, 1000, "0.115x"),
        (99_949, 10**6, "0.0999x"),
        (99_950, 10**6, "0.100x"),
        (9_994, 10**4, "0.999x"),
        (9_995, 10**4, "1.00x"),
        (1, 1, "1.00x"),
        (9_994, 1000, "9.99x"),
        (9_995, 1000, "10.0x"),
        (351, 10, "35.1x"),
        (9_994, 100, "99.9x"),
        (9_995, 100, "100x"),
        (9_994, 10, "999x"),
        (12_504, 10, "1,250x"),
        (12_505, 10, "1,251x"),
    ],
)
def test_ratio(value, base, text):
    assert units.ratio(value, base) == text


@pytest.mark.parametrize(
    ("value", "base", "text"),
    [
        (0, 7, "0.0%"),
        (7, 0, "–"),
        (4, 10**4, "0.04%"),
        (49, 10**5, "0.05%"),
        (5, 10**4, "0.1%"),
        (14, 10**4, "0.1%"),
        (15, 10**4, "0.2%"),
        (1, 3, "33.3%"),
        (9_994, 10**4, "99.9%"),
        (99_949, 10**5, "99.9%"),
        (9_995, 10**4, "100.0%"),
        (1, 1, "100.0%"),
        (5, 2, "250.0%"),
    ],
)
def test_percent(value, base, text):
    assert units.percent(value, base) == text
    if (value, base) not in ((5, 10**4), (15, 10**4), (9_995, 10**4)):  # halves, of which binary fractions have none
        assert units.share(float(value), float(base)) == text


@pytest.mark.parametrize(("total", "unit"), [(0, ""), (999_999, ""), (10**6, "K"), (10**12, "K")])
def test_params_unit(total, unit):
    assert units.params_unit(total).name == unit
    assert units.params_unit(total).size == {"": 1, "K": 1000}[unit]


@pytest.mark.parametrize(
    ("total", "unit"), [(0, ""), (99_999, ""), (10**5, "K"), (10**8 - 1, "K"), (10**8, "M"), (10**12, "M")]
)
def test_work_unit(total, unit):
    assert units.work_unit(total).name == unit
    assert units.work_unit(total).size == {"": 1, "K": 1000, "M": 10**6}[unit]


def test_memory_unit():
    assert (units.memory_unit(False).name, units.memory_unit(False).size) == ("KB", 1024)
    assert (units.memory_unit(True).name, units.memory_unit(True).size) == ("kB", 1000)


def test_exact():
    assert units.exact(0) == "0"
    assert units.exact(999) == "999"
    assert units.exact(1_000) == "1,000"
    assert units.exact(138_357_544) == "138,357,544"


@pytest.mark.parametrize(
    ("value", "divisor", "text"),
    [
        (217, 4, "54.25"),
        (220, 4, "55"),
        (1, 16, "0.0625"),
        (1, 32, "0.03…"),  # 0.03125 has five decimals
        (224, 3, "74.66…"),
        (167, 3, "55.66…"),
        (5_599_999, 10**5, "55.99…"),  # never up to 56
        (2, 3, "0.66…"),
    ],
)
def test_quotient(value, divisor, text):
    assert units.quotient(value, divisor) == text


@pytest.mark.parametrize(
    ("value", "size", "digits", "text"),
    [
        (0, 1000, 2, "0.00"),
        (4, 1000, 2, "0.00"),
        (5, 1000, 2, "0.01"),
        (1_994, 1000, 2, "1.99"),
        (1_995, 1000, 2, "2.00"),
        (1_301_376, 1024, 1, "1,270.9"),
        (1_499, 1000, 0, "1"),
        (1_500, 1000, 0, "2"),
    ],
)
def test_fixed(value, size, digits, text):
    assert units.fixed(value, size, digits) == text


def test_decimal():
    assert units.decimal(Fraction(1, 3)) == "0.33333"
    assert units.decimal(Fraction(24_319, 10)) == "2,431.9"


@pytest.mark.parametrize(
    ("text", "value", "place", "of_bytes"),
    [
        ("456", 456, 1, False),
        ("1,301,376", 1_301_376, 1, False),
        ("2.7K", 2_700, 100, False),
        ("138M", 138 * 10**6, 10**6, False),
        ("15.5G", 15_500 * 10**6, 100 * 10**6, False),
        ("1.5B", 1_500 * 10**6, 100 * 10**6, False),
        ("65.86 Bn", 65_860 * 10**6, 10 * 10**6, False),
        ("1.2T", 1_200 * 10**9, 100 * 10**9, False),
        ("3P", 3 * 10**15, 10**15, False),
        ("138m", 138 * 10**6, 10**6, False),
        ("24.4%", Fraction("24.4"), Fraction(1, 10), False),
        ("93MB", 93 * MIB, MIB, True),
        ("1.5KB", 1_536, Fraction(1024, 10), True),
        ("2GB", 2 * GIB, GIB, True),
        ("2TB", 2 * TIB, TIB, True),
        ("2PB", 2 * PIB, PIB, True),
        ("93MiB", 93 * MIB, MIB, True),
        ("2TiB", 2 * TIB, TIB, True),
    ],
)
def test_read_printed(text, value, place, of_bytes):
    printed = units.read_printed(text)
    assert (printed.text, printed.value, printed.place, printed.of_bytes) == (text, value, place, of_bytes)


@pytest.mark.parametrize(
    ("text", "k", "value"),
    [
        ("2K", 1024, 2_048),
        ("2M", 1024, 2 * 10**6),  # k is what K stands for: a count of millions stays one
        ("2G", 1024, 2 * 10**9),
        ("2KB", 1000, 2_000),
        ("2MB", 1000, 2 * 10**6),
        ("2GB", 1000, 2 * 10**9),
        ("2MB", 1024, 2 * MIB),
        ("2MiB", 1000, 2 * MIB),  # says itself what it is
        ("2GiB", 1000, 2 * GIB),
    ],
)
def test_read_printed_with_k(text, k, value):
    assert units.read_printed(text, k=k).value == value


def test_read_printed_of_bytes():
    assert units.read_printed("93M", is_bytes=True).value == 93 * MIB
    assert units.read_printed("93", is_bytes=True).value == 93
    assert units.read_printed("93B", is_bytes=True).value == 93
    assert units.read_printed("93M", is_bytes=True).of_bytes


def test_read_printed_to_a_coarser_place():
    printed = units.read_printed("800K", to="100K")
    assert (printed.value, printed.place) == (800_000, 100_000)
    assert printed.agrees(802_816)
    assert not printed.agrees(900_000)


@pytest.mark.parametrize("text", ["", "K", "1.2.3", "ten", "1Q", "1KK", "-5", "1" * 101])
def test_what_is_not_a_figure(text):
    with pytest.raises(ValueError):
        units.read_printed(text)


@pytest.mark.parametrize(
    ("computed", "agrees"),
    [(137_499_999, ""), (137_500_000, "rounded"), (138_500_000, "rounded"), (138_500_001, "cut"), (139_000_000, "")],
)
def test_agreement_at_the_edges_of_a_printed_digit(computed, agrees):
    assert units.read_printed("138M").agrees(computed) == agrees


@pytest.mark.parametrize(
    ("text", "size"), [("1KB", KIB), ("1.5GB", 3 * GIB // 2), ("11GiB", 11 * GIB), ("2t", 2 * TIB)]
)
def test_read_memory(text, size):
    assert units.read_memory(text) == size


@pytest.mark.parametrize("text", ["", "24", "GB", "1PB", "-1GB", "1.GB"])
def test_what_is_not_a_size_of_memory(text):
    assert units.read_memory(text) is None


def test_explain_writes_small_sizes_in_bytes():
    said = run("explain", "lenet5", "output").stdout
    assert "40 B" in said
    assert "0.0 KB" not in said
