"""The command line: `budgetaudit check`, `annotate`, `rules`, `explain`.

Results go to stdout, talk goes to stderr. Exit code 0: nothing at or above `--fail-on`; 1: findings; 2: a wrong call,
unreadable input, or nothing was checked.

Only argparse is loaded to read the arguments; each command loads what it needs (pydantic, Babel) when it runs, so that
`--help`, `--version` and completion stay quick. What the commands do stands in the modules of their names.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

from budgetaudit.cli.streams import say_on_stderr, utf8_streams
from budgetaudit.errors import BudgetAuditError
from budgetaudit.show.formats import FORMATS
from budgetaudit.show.language import LOCALES, environment_language, language

INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    utf8_streams()
    options = build_parser().parse_args(arguments)
    try:
        code: int = import_module(f"budgetaudit.cli.{options.command}").run(options)
    except BudgetAuditError as error:
        say_on_stderr(f"budgetaudit: {error}")
        return 2
    except KeyboardInterrupt:
        say_on_stderr("budgetaudit: interrupted")
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - Python would exit with 1, which means findings
        import traceback

        traceback.print_exc()
        say_on_stderr("budgetaudit: this is a defect of budgetaudit, not of the document")
        return 2
    return code


def build_parser() -> argparse.ArgumentParser:
    """The whole grammar of the command line."""
    parser = argparse.ArgumentParser(
        prog="budgetaudit", description="Audits whether the figures of published budgets add up, and explains the gaps."
    )
    parser.add_argument("--version", action=_Version)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_check(commands.add_parser("check", help="audit documents", description="Audit documents."))
    _add_annotate(
        commands.add_parser(
            "annotate", help="mark the findings in a workbook",
            description="Give a workbook back with its findings: marked cells, notes, and one more sheet. Nothing else changes.",
        )
    )  # fmt: skip
    _add_rules(commands.add_parser("rules", help="list what is checked", description="List the rules of a pack."))
    _add_explain(
        commands.add_parser("explain", help="explain a kind of finding", description="Explain a kind of finding.")
    )
    return parser


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="a document; - is standard input")
    _add_auditing(parser)
    _add_facts(parser)
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument("--output", metavar="PATH", help="write there instead of to standard output")
    parser.add_argument(
        "--together", choices=("auto", "always", "never"), default="auto",
        help="audit several documents as one, so that figures of one are compared with those of another"
        " (default: those that name their office)",
    )  # fmt: skip
    parser.add_argument(
        "--jobs", type=_jobs, default=1, metavar="N", help="read and audit N documents at a time; 0: one per processor"
    )
    parser.add_argument(
        "--verbose", action="store_true", help="show causes, corrections, the lines as written and figures not placed"
    )
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="default: auto")


def _add_facts(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "facts", "tables of millions of figures (.parquet .arrow .csv, or a folder of these)"
    )
    group.add_argument("--amount", metavar="COLUMN", help="the column of figures: with it, files are tables of facts")
    group.add_argument("--keys", metavar="COLUMNS", default="", help="what tells units apart: entity,year")
    group.add_argument("--item", metavar="COLUMN", help="the column of labels")
    group.add_argument("--code", metavar="COLUMN", help="the column of codes, beside labels or in place of them")
    group.add_argument("--places", metavar="COLUMN|N", help="with how many decimal places the figures were printed")
    group.add_argument("--unit", metavar="COLUMN|UNIT", help="the unit of the figures")
    group.add_argument(
        "--page", metavar="PATH", help="write a summary page there (HTML); outcomes go to --output (Parquet)"
    )
    group.add_argument("--resume", action="store_true", help="go on with a run that was stopped")


def _add_annotate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK", help="an .xlsx or .xlsm file")
    parser.add_argument("-o", "--output", metavar="PATH", required=True, help="where the marked workbook goes")
    _add_auditing(parser)
    parser.set_defaults(together="never", jobs=1)


def _add_auditing(parser: argparse.ArgumentParser) -> None:
    """What every command that audits takes."""
    parser.add_argument(
        "--rules", action="append", metavar="PACK|PATH", help="rule pack or .toml file (default: the packs that fit)"
    )
    parser.add_argument("--select", action="append", metavar="CODES", help="only these kinds or rules: SUM,RAT001,cn/x")
    parser.add_argument("--ignore", action="append", metavar="CODES", help="all but these kinds or rules")
    _add_locale(parser)
    parser.add_argument(
        "--fail-on", choices=("error", "warning", "info", "never"), default="error",
        help="exit with 1 from this severity on (default: error)",
    )  # fmt: skip
    parser.add_argument(
        "--rounding", choices=("nearest", "truncate", "parts"),
        help="how the office rounded: parts means that totals add up the rounded parts (default: the pack's)",
    )  # fmt: skip
    parser.add_argument("--encoding", help="encoding of the documents (default: recognised, never guessed)")


def _add_rules(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pack", nargs="?", metavar="PACK", help="pack name or .toml file (default: every pack here)")
    parser.add_argument("--rule", metavar="ID", help="only this rule")
    parser.add_argument(
        "--lint", action="store_true", help="say which rules exclude each other, follow from others or never apply"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    _add_locale(parser)


def _add_explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", metavar="KIND", help="code or name: SUM001 or total-differs-from-parts")
    _add_locale(parser)


def _add_locale(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--locale", type=_locale, default=environment_language(), metavar="{" + ",".join(LOCALES) + "}",
        help="language of the words (default: as the environment says, else en)",
    )  # fmt: skip


def _jobs(written: str) -> int:
    if not written.isascii() or not written.isdigit() or int(written) > 1_000:
        raise argparse.ArgumentTypeError(f"{written!r} is no number of documents")
    return int(written)


def _locale(tag: str) -> str:
    try:
        return language(tag)
    except BudgetAuditError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


class _Version(argparse.Action):
    """Prints the version that is installed; looked up only when asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the version")

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        from importlib.metadata import version

        print(f"budgetaudit {version('budgetaudit')}")
        parser.exit()


if __name__ == "__main__":
    sys.exit(main())
