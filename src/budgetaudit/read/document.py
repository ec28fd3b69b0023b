"""Documents: from whatever holds a report to the budget it reports.

A path, bytes, an open file or a text lead to the reader of their format (`formats`), and what it finds becomes a budget
(`whole`); frames, mappings and records lead to the model. A format nobody reads is refused by name.
"""

from __future__ import annotations

import gc
import io
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, cast

from budgetaudit.errors import UnreadableInput
from budgetaudit.model.budget import Budget
from budgetaudit.model.records import is_frame
from budgetaudit.progress import Watcher, watched
from budgetaudit.read.formats import reader_for
from budgetaudit.read.plain import material_of_text
from budgetaudit.read.whole import budget_of

_LONGEST_PATH: Final = 1024
_SENTENCE: Final = frozenset("，。；：！？")


def read(
    source: Any, *, encoding: str | None = None, name: str | None = None, progress: Watcher | None = None
) -> Budget:
    """The budget that a document reports.

    Args:
        source: A path (its suffix or its first bytes say the format), bytes, an open file, the text itself, a data frame, a dict of label to figure,
            or records. A `str` is a path if a file of that name exists or if it ends like one (`report.txt`) and is no
            sentence, else text.
        encoding: Encoding of a file or of bytes; recognised if not given, never guessed.
        name: What the document is called in sources; by default the file's name, or `text`.
        progress: Called with a `Progress` for every page, sheet or paragraph that is read; what it raises ends the work.

    Raises:
        UnreadableInput: There is no such file, its format or encoding is not known, or it holds no text.
        BudgetAuditError: A dict, record or frame does not hold figures.

    >>> budget = read("2023年度支出合计12.50万元，其中：基本支出10.00万元，项目支出2.50万元。")
    >>> [(line.label, str(line.amount.value)) for line in budget]
    [('支出合计', '12.50'), ('基本支出', '10.00'), ('项目支出', '2.50')]
    """
    with watched(progress), _uncollected():
        return _read(source, encoding, name)


@contextmanager
def _uncollected() -> Generator[None]:
    """Keep the collector of cycles from running: going again and again through what is being read takes a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(source: Any, encoding: str | None, name: str | None) -> Budget:
    if isinstance(source, Budget):
        return source
    if isinstance(source, str) and not _is_path(source):
        return _prose(source, name or "text", None)
    if isinstance(source, (str, os.PathLike)):
        return _file(Path(os.fsdecode(cast("str | os.PathLike[str]", source))), encoding, name)
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _bytes(bytes(cast("bytes | bytearray | memoryview", source)), encoding, name or "bytes")
    if isinstance(source, Mapping):
        return Budget.from_dict(cast("Mapping[str, Any]", source))
    if hasattr(source, "read"):
        return _stream(source, encoding, name)
    if is_frame(source):
        return Budget.from_frame(source)
    if isinstance(source, (list, tuple)):
        return Budget.from_records(cast("list[Mapping[str, Any]]", source))
    raise UnreadableInput(
        f"{type(source).__name__} is no document",
        hint="pass a path, text, bytes, an open file, a data frame or a dict",
    )


def _is_path(text: str) -> bool:
    """Whether a text names a file: one line, not long, naming one that is there or ending like a file name.

    A sentence may end like one too: 决算见 www.example.org.
    """
    if "\n" in text or "\0" in text or len(text) > _LONGEST_PATH or not text.strip():
        return False
    try:
        if Path(text).exists():
            return True
    except (OSError, ValueError):
        return False
    suffix = Path(text).suffix[1:]
    return (
        0 < len(suffix) <= 8
        and suffix.isascii()
        and suffix.isalnum()
        and not suffix.isdigit()
        and _SENTENCE.isdisjoint(text)
    )


def _file(path: Path, encoding: str | None, name: str | None) -> Budget:
    if path.is_dir():
        raise UnreadableInput(f"{path} is a folder", hint="name the files in it")
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableInput(f"cannot read {path}: {reason}") from error
    return _bytes(data, encoding, name or path.name, suffix=path.suffix.lower())


def _stream(stream: Any, encoding: str | None, name: str | None) -> Budget:
    called = name or _stream_name(stream)
    try:
        data = stream.read()
    except (OSError, ValueError) as error:
        raise UnreadableInput(f"cannot read {called}: {error}") from error
    if isinstance(data, str):
        return _prose(data, called, getattr(stream, "encoding", None))
    if isinstance(data, (bytes, bytearray)):
        return _bytes(bytes(data), encoding, called)
    raise UnreadableInput(
        f"{called} gave {type(data).__name__}, not text or bytes", hint="open it with open(path, 'rb')"
    )


def _stream_name(stream: Any) -> str:
    name = getattr(stream, "name", None)
    return Path(name).name if isinstance(name, str) and not isinstance(stream, (io.StringIO, io.BytesIO)) else "stream"


def _bytes(data: bytes, encoding: str | None, name: str, *, suffix: str = "") -> Budget:
    material = reader_for(data, name=name, suffix=suffix)(data, name=name, encoding=encoding)
    return budget_of(material, name=name, sha256=sha256(data).hexdigest())  # of the bytes: what sha256sum prints


def _prose(text: str, name: str, encoding: str | None) -> Budget:
    return budget_of(material_of_text(text, encoding=encoding), name=name)
