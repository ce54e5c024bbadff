"""Results in Python: printed they are tables, represented a line, shown in a notebook, and rows for other programs."""

from __future__ import annotations

import pytest
from running import run

import archcalc
from archcalc.errors import RequestError


@pytest.fixture(scope="module")
def report():
    return archcalc.load("resnet50").analyze()


def test_a_report_prints_its_table(report) -> None:
    lines = run("show", "resnet50", env={"COLUMNS": "200"}).stdout.splitlines()
    assert str(report).splitlines() == lines


def test_what_is_represented_is_a_line(report) -> None:
    assert repr(report) == "<resnet50, input 3x224x224: 25.56M params, 3.86G MACs, 103.2 MiB>"
    assert repr(archcalc.load("vgg16").analyze(batch=2)) == (
        "<vgg16, input 3x224x224, batch 2: 138.36M params, 30.94G MACs, 116.3 MiB>"
    )
    assert repr(archcalc.load("vgg16")) == "<vgg16: VGG-16 (configuration D)>"
    assert repr(report["fc"]) == "<fc: fc, 2048 x 1 x 1 → 1000 x 1 x 1, 2,049,000 params, 2,048,000 MACs>"
    assert repr(report.explain("fc")).startswith("<resnet50 fc: fc, ")


def test_a_report_by_the_names_of_its_layers(report) -> None:
    assert report["fc"] is report.find("fc")[0]
    stage = report["conv2_x"]
    (row,) = [row for row in report.rows() if row.name == "conv2_x"]
    assert stage == row
    with pytest.raises(RequestError, match="conv2_x"):
        report["conv2"]


def test_a_notebook_shows_a_table(report) -> None:
    html = report._repr_html_()
    assert html.startswith('<div class="archcalc">') and "<td>conv2_x</td>" in html and "<html" not in html


def test_tables_in_formats(report) -> None:
    table = report.table(columns="layer,params")
    assert table.to("csv") == run("show", "resnet50", "-c", "layer,params", "-f", "csv").stdout.rstrip("\n")
    assert table.to_markdown() == report.to_markdown(columns="layer,params")
    assert table.to_latex().count("\\toprule") == 1
    assert table.to_csv().splitlines()[1] == "resnet50,input,0,1"
    with pytest.raises(RequestError, match="did you mean 'markdown'"):
        table.to("markdwn")
    with pytest.raises(RequestError, match="parms"):
        report.table(columns="parms")


def test_rows_for_other_programs(report) -> None:
    rows = report.table(every=True, columns="layer,params,macs").rows()
    assert rows[1] == {"network": "resnet50", "layer": "conv1/conv_1", "params": 9408, "macs": 118013952, "layers": 1}
    assert sum(row["params"] for row in rows) == report.params


def test_tables_are_saved_by_the_ending_of_the_file(report, tmp_path) -> None:
    report.table().save(str(tmp_path / "x.md"))
    assert (tmp_path / "x.md").read_text(encoding="utf-8") == f"{report.to_markdown()}\n"
    with pytest.raises(RequestError, match="no format has this ending"):
        report.table().save(str(tmp_path / "x.doc"))


def test_comparisons_and_explanations(report) -> None:
    both = archcalc.compare("alexnet", report)
    assert [row["network"] for row in both.rows()] == ["alexnet", "resnet50"]
    assert both.rows()[1]["params_ratio"] == pytest.approx(25557032 / 60965224)
    assert both.rows()[0]["top5_error"] == 18.2
    assert "to alexnet" in str(both) and "to alexnet" in both.to_markdown() and "to alexnet" in both._repr_html_()
    assert (
        archcalc.compare(archcalc.load("lenet5")).rows()[0]["receptive_field"]
        == archcalc.load("lenet5").analyze().receptive_field[0]
    )
    assert "2,049,000" in str(report.explain("fc"))
    assert report.explain("fc").rows()[0]["layer"] == "fc"
    assert "batch norm" in str(report.explain()) or "bn" in str(report.explain())
    with pytest.raises(RequestError, match="needs a network"):
        archcalc.compare()
