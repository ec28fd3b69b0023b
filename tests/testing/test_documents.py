"""Documents: what is written out is read back figure by figure, and the audit of it finds nothing wrong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import budgetaudit as ba
from budgetaudit.testing.documents import FORMS, documents, same_figures

# A figure without decimal places may look like a year, in a table.
PLACES = {"prose": (0, 2)}


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=max(10, settings.default.max_examples // len(FORMS)))
@given(data=st.data())
def test_what_is_written_is_read_and_adds_up(form, data):
    written = data.draw(documents(forms=[form], places=PLACES.get(form, (1, 2))))
    budget = written.read()
    assert same_figures(written, budget)
    report = ba.audit(budget, rules="cn")
    sums = [outcome for outcome in report.outcomes if outcome.relation.kind == "SUM001"]
    assert len([outcome for outcome in sums if outcome.verdict in {"exact", "rounding"}]) >= written.sums
    assert not report.at_least("error")


@given(documents(forms=["prose"], traditional=False, unrounded=False))
def test_without_hidden_digits_every_sum_is_exact(written):
    report = ba.audit(written.read(), rules="cn", select=["SUM"])
    assert report.counts["exact"] >= written.sums
    assert not report.counts["rounding"]


@given(documents(forms=["prose"]), st.data())
def test_a_figure_that_was_read_wrongly_is_not_the_same(written, data):
    budget = written.read()
    line = data.draw(st.sampled_from(budget.lines))
    without = ba.Budget(tuple(other for other in budget if other is not line))
    assert not same_figures(written, without)


def test_files_are_named_by_their_form(tmp_path):
    @settings(max_examples=20)
    @given(documents())
    def saved(written):
        path = written.save(tmp_path)
        assert path.suffix == (".txt" if written.form == "prose" else f".{written.form}")
        assert same_figures(written, ba.read(path))

    saved()
