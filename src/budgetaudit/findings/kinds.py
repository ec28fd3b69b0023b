"""Kinds: the table of what can be said about a document, one row per class of defect.

A code is for programs and never reused; a name says what is there, so that "accept total-differs-from-parts in this
report" reads well. Message templates, documentation and the worst severity hang on the kind; equations are data of the
rules. English sentences stand here, marked `N_` (or `NN_` with a plural) for extraction; other languages are catalogues.

Which template a finding uses and what its named fields hold is decided in `message`; this module computes nothing.

Names of fields, the same in every language:

| field | holds |
|---|---|
| target, left, right, numerator, denominator, current, base, change | label as printed; a sum of several labels where a side has several |
| *_amount (`target_amount`, `base_amount`, ...) | the printed number behind that label, or the sum of several |
| computed | what the other figures give for the target |
| parts | how many parts there are |
| gap_note | "gap 0.02, rounding reaches 0.025, once in 192 such sums", a message of its own |
| gap, bound | its numbers |
| often, sums | how often rounding leaves such a gap: `often` of `sums` sums |
| missing | labels of what is not reported |
| implied | what the missing figures amount to together |
| first_amount, second_amount, second_place | the two prints of one fact, and where the second stands |
| counted | how many items a list names |
| words | the characters of the document that a remark is about |
| cell, cells | the address of a cell of a workbook, those of several |
| rule, detail, nearest | id of a rule, free text about it, labels that look like the missing ones |
| notes, sums | how many notes a cluster has; how many sums show a convention |
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from budgetaudit.errors import BudgetAuditError, nearest
from budgetaudit.findings.finding import Severity
from budgetaudit.findings.kind import N_, NN_, Kind, Template, registry


def _kind(code: str, name: str, worst: Severity, summary: str, note: str, /, **templates: str | Template) -> Kind:
    sentences = {case: Template(text) if isinstance(text, str) else text for case, text in templates.items()}
    return Kind(code, name, summary, note, worst, MappingProxyType(sentences))


KINDS: Final = registry(
    [
        _kind(
            "SUM001", "total-differs-from-parts", "error",
            N_("A printed total is not the sum of its printed parts"),
            N_(
                "No defect where the list names only some parts of the total. A gap that rounding can produce is a "
                "note, and a warning if rounding hardly ever produces it."
            ),
            differs=NN_(
                "{target} is printed as {target_amount} but its {parts} part is {computed} ({gap_note})",
                "{target} is printed as {target_amount} but its {parts} parts add up to {computed} ({gap_note})",
                "parts",
            ),
        ),
        _kind(
            "SUM002", "parts-exceed-their-total", "error",
            N_("The parts named within a total amount to more than the total"),
            N_(
                "A list of what a total contains need not be complete, so that parts below the total say nothing. "
                "No defect where a part is negative or the parts overlap."
            ),
            differs=NN_(
                "{target} is printed as {target_amount} but the part named within it is {computed} ({gap_note})",
                "{target} is printed as {target_amount} but the {parts} parts named within it add up to {computed}"
                " ({gap_note})",
                "parts",
            ),
        ),
        _kind(
            "SUM003", "part-of-total-not-reported", "info",
            N_("A list that reads as the whole of a total does not name all of it"),
            N_(
                "This is about completeness, not about arithmetic: many reports name only the parts they have "
                "something to say about. What is not reported must amount to the figure given."
            ),
            unnamed=NN_(
                "{target} is printed as {target_amount} and its reported part is {computed}; {implied} is not reported",
                "{target} is printed as {target_amount} and its {parts} reported parts add up to {computed};"
                " {implied} is not reported",
                "parts",
            ),
            named=N_("{target} is printed as {target_amount}; {missing}, not reported, would amount to {implied}"),
        ),
        _kind(
            "SUM004", "total-not-reported", "info",
            N_("The parts of a total are printed, the total is not"),
            N_("Nothing can be compared. The sum of the parts is information and never treated as a reported figure."),
            differs=NN_(
                "{missing} is not reported; its {parts} part is {computed}",
                "{missing} is not reported; its {parts} parts add up to {computed}",
                "parts",
            ),
        ),
        _kind(
            "DIF001", "change-differs-from-levels", "error",
            N_("A printed change is not the difference of the levels it compares"),
            N_("Levels and change are rounded each on its own, so that a gap of one unit in the last place is common."),
            differs=N_(
                "{target} is printed as {target_amount} but {current} at {current_amount} less {base} at {base_amount}"
                " is {computed} ({gap_note})"
            ),
        ),
        _kind(
            "DIF002", "change-differs-from-its-parts", "error",
            N_("A printed change is not the sum of the changes it is made of"),
            N_(
                "Words such as “mainly because” name only some of the changes. Only a list that reads as complete "
                "is added up."
            ),
            differs=NN_(
                "{target} is printed as {target_amount} but the {parts} change within it is {computed} ({gap_note})",
                "{target} is printed as {target_amount} but the {parts} changes within it add up to {computed}"
                " ({gap_note})",
                "parts",
            ),
        ),
        _kind(
            "ORD001", "part-exceeds-whole", "error",
            N_("A figure that lies within another is larger than it"),
            N_(
                "The two figures come from different lists, so that only their order can be compared, never their "
                "difference."
            ),
            differs=N_(
                "{left} is printed as {left_amount}, more than the {right_amount} of {right} within which it lies"
                " ({gap_note})"
            ),
        ),
        _kind(
            "ORD002", "figure-outside-its-limit", "error",
            N_("A figure lies beyond a limit that holds for it"),
            N_(
                "The limit follows from what the figure means: a score lies within its weight, a number of vehicles "
                "is not negative."
            ),
            differs=N_("{left} is printed as {left_amount}, beyond its limit of {right_amount} ({gap_note})"),
        ),
        _kind(
            "RAT001", "share-contradicts-amounts", "error",
            N_("A printed share does not follow from the amounts it relates"),
            N_(
                "Printed amounts stand for a range of amounts, and so allow a range of shares, a wide one if they "
                "are small. Only a share outside it is a contradiction."
            ),
            differs=N_(
                "{target} is printed as {target_amount} but {numerator} at {numerator_amount} of {denominator} at"
                " {denominator_amount} is {computed} ({gap_note})"
            ),
        ),
        _kind(
            "RAT002", "growth-contradicts-amounts", "error",
            N_("A printed rate of growth does not follow from the amounts it compares"),
            N_(
                "Printed amounts allow a range of rates: from 0.38 to 0.47, all rates between 20.78 % and 26.67 %. "
                "Only a rate outside it is a contradiction."
            ),
            differs=N_(
                "{target} is printed as {target_amount} but {current} at {current_amount} after {base} at {base_amount}"
                " is growth of {computed} ({gap_note})"
            ),
            from_change=N_(
                "{target} is printed as {target_amount} but a change of {change_amount} to {current_amount} is growth of"
                " {computed} ({gap_note})"
            ),
            undefined=N_(
                "{target} is printed as {target_amount} on a negative base: {base} is printed as {base_amount}"
            ),
            undefined_from_change=N_(
                "{target} is printed as {target_amount} on a negative base: {current} at {current_amount} less its change"
                " of {change_amount}"
            ),
        ),
        _kind(
            "RAT003", "completion-rate-contradicts-amounts", "error",
            N_("A printed completion rate does not follow from budget and outturn"),
            N_(
                "It matters which budget a rate refers to, the initial one or the adjusted one. The rate is "
                "compared with the budget that the text names."
            ),
            differs=N_(
                "{target} is printed as {target_amount} but {numerator} at {numerator_amount} against {denominator} at"
                " {denominator_amount} is {computed} ({gap_note})"
            ),
        ),
        _kind(
            "RAT004", "shares-differ-from-100", "error",
            N_("The shares of one whole do not add up to 100 %"),
            N_("The whole is exactly 100 %, so that rounding reaches half a unit in the last place for each share."),
            differs=N_("the {parts} shares of one whole add up to {computed} ({gap_note})"),
        ),
        _kind(
            "RAT005", "ratio-printed-on-zero-base", "warning",
            N_("A ratio is printed although the figure it is measured against is zero"),
            N_("Such a ratio has no value, whatever is printed. A dash says what is meant."),
            undefined=N_("{target} is printed as {target_amount} although {base}, its base, is printed as {base_amount}"),
            undefined_from_change=N_(
                "{target} is printed as {target_amount} although {current} at {current_amount} less its change of"
                " {change_amount} leaves a base of zero"
            ),
        ),
        _kind(
            "RAT006", "average-contradicts-amounts", "error",
            N_("A printed average does not follow from the amount and the number it divides"),
            N_(
                "No defect where the average refers to another number or another period than the ones printed "
                "beside it."
            ),
            differs=N_(
                "{target} is printed as {target_amount} but {numerator} at {numerator_amount} for {denominator} at"
                " {denominator_amount} is {computed} ({gap_note})"
            ),
        ),
        _kind(
            "TIE001", "same-figure-printed-twice-differently", "error",
            N_("The same fact is printed in two places with values that cannot both be right"),
            N_(
                "The same fact means the same office, year, phase, fund and item. With equally many decimal places "
                "any difference is a contradiction; otherwise the finer print must round to the coarser one."
            ),
            differs=N_(
                "{target} is printed as {first_amount} in one place and as {second_amount} in another ({gap_note})"
            ),
        ),
        _kind(
            "TIE002", "two-sides-do-not-balance", "error",
            N_("Two figures that must be equal are not"),
            N_(
                "No defect where the two sides differ in scope, such as the amounts of one year and amounts that "
                "include those carried over."
            ),
            differs=N_("{left} is printed as {left_amount} but {right} as {right_amount} ({gap_note})"),
        ),
        _kind(
            "TIE003", "closing-differs-from-next-opening", "error",
            N_("The closing figure of one period is not the opening figure of the next"),
            N_("No defect where the opening figure was restated and the document says so."),
            differs=N_(
                "{left} is printed as {left_amount} but {right}, which carries it on, as {right_amount} ({gap_note})"
            ),
        ),
        _kind(
            "CNT001", "count-differs-from-list", "info",
            N_("A printed number of items is not the number of items listed"),
            N_("A list may well name only some of the items, above all if it ends in words such as “and others”."),
            differs=NN_(
                "{target} is printed as {target_amount} but {counted} item is listed",
                "{target} is printed as {target_amount} but {counted} items are listed",
                "counted",
            ),
        ),
        _kind(
            "TXT001", "direction-contradicts-figures", "warning",
            N_("The words say more, less or equal; the figures say otherwise"),
            N_(
                "If the figures of the very item are not printed, the comparison of the totals is a reason to look, "
                "and no more."
            ),
            above=N_("the text puts {left} above {right}; they are printed as {left_amount} and {right_amount}"),
            below=N_("the text puts {left} below {right}; they are printed as {left_amount} and {right_amount}"),
            equal=N_("the text calls {left} and {right} equal; they are printed as {left_amount} and {right_amount}"),
            remark=N_("the direction in “{words}” is not that of the figures"),
        ),
        _kind(
            "TXT002", "double-negation", "info",
            N_("A word and a sign say the same direction twice"),
            N_("Read literally, a decrease by a negative amount is an increase. Nearly always the decrease is meant."),
            remark=N_("“{words}” gives the direction by a word and again by a sign"),
        ),
        _kind(
            "TXT003", "form-residue", "info",
            N_("Words of a form were left standing beside the ones chosen"),
            N_(
                "Such as both alternatives of “increase (decrease)”, or an instruction in brackets. The figures "
                "beside them are read as printed."
            ),
            remark=N_("“{words}” is text of a form that was left standing"),
        ),
        _kind(
            "TXT004", "blank-slot", "info",
            N_("A place for a figure is empty"),
            N_("An empty place is never taken for zero."),
            remark=N_("“{words}” has an empty place where a figure belongs"),
        ),
        _kind(
            "TXT005", "words-differ-from-figures", "info",
            N_("A number in words and the same number in figures are not equal"),
            N_("The document does not say which of the two is meant. Both are kept."),
            remark=N_("“{words}” says one number in words and another in figures"),
        ),
        _kind(
            "TXT006", "year-word-contradicts-document", "info",
            N_("A year is named that the document is not about"),
            N_("Often a sentence kept from last year's report. No defect where the text compares years."),
            remark=N_("“{words}” names a year that does not fit here"),
        ),
        _kind(
            "FIG001", "excess-digits", "warning",
            N_("A figure shows more digits than the precision it declares"),
            N_(
                "Relations that use such a figure are undecided, because it is not known which of its digits to "
                "believe."
            ),
            figure=N_("{target} is printed as {target_amount}, with more digits than its declared precision"),
        ),
        _kind(
            "FIG002", "unreadable-figure", "info",
            N_("A figure could not be read"),
            N_("It is kept with its characters and its place. Nothing is guessed."),
            figure=N_("{target} is printed as “{words}”, which could not be read"),
        ),
        _kind(
            "CEL001", "number-stored-as-text", "info",
            N_("A cell of a workbook holds a number as text"),
            N_(
                "Sums of the workbook skip such a cell, so that a printed total may lack it. Here it is read as the "
                "number it shows."
            ),
            remark=N_("{cell} holds “{words}” as text, not as a number (such cells in this table: {counted})"),
        ),
        _kind(
            "CEL002", "hidden-decimals", "info",
            N_("Cells of a workbook hold more decimals than they show"),
            N_(
                "The printed figures are audited. Sums of the workbook add up what is stored, so that printed totals may "
                "differ from their printed parts by rounding."
            ),
            remark=N_("{cell} shows {words} and holds {detail} (such cells in this table: {counted})"),
        ),
        _kind(
            "CEL003", "formula-omits-a-row", "warning",
            N_("A sum of a workbook leaves out figures beside those it adds up"),
            N_("No defect where the figure left out is no part of the total."),
            remark=N_("the sum in {cell} adds up {detail} and leaves out {cells}"),
        ),
        _kind(
            "CEL004", "formula-without-value", "warning",
            N_("A formula of a workbook was saved without its value"),
            N_(
                "Programs that write workbooks without computing them leave such cells. Open the workbook in a "
                "spreadsheet program and save it; nothing is computed here."
            ),
            remark=N_("{cell} holds the formula {words} without a value (such cells in this table: {counted})"),
        ),
        _kind(
            "CEL005", "figures-in-hidden-rows", "info",
            N_("Rows or columns of a workbook that hold figures are hidden"),
            N_("They are read like the others: sums of the workbook include them, a reader of the printed page sees none."),
            remark=N_("{cell} stands in a hidden row or column (such figures in this table: {counted})"),
        ),
        _kind(
            "CEL006", "sheet-is-hidden", "info",
            N_("A sheet of a workbook is hidden, and was not read"),
            N_("Hidden sheets hold lists and drafts mostly. Make the sheet visible to have it audited."),
            remark=N_("the sheet “{words}” is hidden and was not read"),
        ),
        _kind(
            "CNV001", "figures-are-truncated", "info",
            N_("The sums of a document miss as sums of truncated figures do"),
            N_(
                "This is about how the document was rounded, not about one figure. With --rounding truncate, the "
                "audit judges it by that convention."
            ),
            document=NN_(
                "{sums} sum of this document fits digits that were cut off, not rounded",
                "{sums} sums of this document fit digits that were cut off, not rounded",
                "sums",
            ),
        ),
        _kind(
            "RUL001", "rule-names-unknown-figure", "warning",
            N_("A rule names a figure that the budget does not contain, and was not checked"),
            N_(
                "Rules of a pack that find no figures are only counted. A rule of the caller's own that finds none "
                "is reported."
            ),
            rule=N_("rule {rule} names {missing}, which no line of this budget is called"),
            rule_nearest=N_("rule {rule} names {missing}, which no line of this budget is called; nearest: {nearest}"),
            rule_apart=N_("rule {rule} was not checked: its figures are not printed for one office, period, phase and fund"),
        ),
        _kind(
            "RUL002", "rule-failed", "warning",
            N_("A rule broke while it was evaluated; all others were not affected"),
            N_("The fault is the rule's, or lies in a unit that was read wrongly, and not in the figures."),
            rule=N_("rule {rule} could not be evaluated: {detail}"),
            units=N_("rule {rule} could not be evaluated: its figures are of units that cannot be compared"),
        ),
        _kind(
            "RND001", "rounding-residues", "info",
            N_("Several sums of one statement miss by no more than rounding produces"),
            N_(
                "Gaps of one unit in the last place are what honest rounding looks like: of sums with four parts, "
                "two in five have one. A gap that rounding hardly ever produces keeps a finding of its own."
            ),
            cluster=NN_(
                "{notes} sum differs from its parts by no more than rounding produces (largest gap {gap})",
                "{notes} sums differ from their parts by no more than rounding produces (largest gap {gap})",
                "notes",
            ),
            cluster_of_ratios=NN_(
                "{notes} ratio differs from its amounts by no more than rounding produces (largest gap {gap})",
                "{notes} ratios differ from their amounts by no more than rounding produces (largest gap {gap})",
                "notes",
            ),
        ),
    ]
)  # fmt: skip


def kind_named(word: str) -> Kind:
    """The kind of that code, name or former code.

    Raises:
        BudgetAuditError: There is none; the message names the nearest.

    >>> kind_named("total-differs-from-parts").code
    'SUM001'
    """
    for kind in KINDS.values():
        if word in (kind.code, kind.name, *kind.aliases) or word.upper() == kind.code:
            return kind
    known = [answer for kind in KINDS.values() for answer in (kind.code, kind.name)]
    raise BudgetAuditError(f"no kind is called {word!r}; {nearest(word, known)}")
