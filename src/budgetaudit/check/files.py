"""Files of facts: Parquet, Arrow IPC and CSV in batches of the columns asked for, never whole and never through floats.

A file is cut into pieces that can be read by themselves: the row groups of Parquet, and otherwise the file. Pieces come in
the order of the paths, so that a place in the data is a number of rows, and a run that goes on skips pieces without
reading them. Whatever is text in a file stays text: a printed 677.40 keeps its zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeAlias

from budgetaudit.errors import BudgetAuditError, UnreadableInput, nearest

pa: Any = import_module("pyarrow")
csv: Any = import_module("pyarrow.csv")
ds: Any = import_module("pyarrow.dataset")
fs: Any = import_module("pyarrow.fs")

Where: TypeAlias = "str | Path | Iterable[str | Path] | Any"
Filesystem: TypeAlias = Any

BATCH: Final = 1 << 20  # rows that are held at a time
_FORMATS: Final[Mapping[str, str]] = {
    ".parquet": "parquet", ".pq": "parquet", ".arrow": "ipc", ".ipc": "ipc", ".feather": "ipc", ".csv": "csv", ".tsv": "tsv",
}  # fmt: skip
_PACKED: Final = frozenset({".gz", ".bz2", ".zst", ".lz4"})


@dataclass(frozen=True, slots=True)
class Piece:
    """What can be read by itself: a row group or a file, and how many rows it has where that is known beforehand."""

    fragment: Any
    rows: int | None


class FactFiles:
    """The facts of some files, in order.

    Args:
        where: A path, folder, URL such as `s3://bucket/facts/`, several of these, or a pyarrow `Dataset`.
        columns: The columns to read, every one of which has to be there.
        whole: Those that hold whole numbers, where a file does not say types.
        filesystem: A pyarrow filesystem that the paths are on; by default the local one, or the one that a URL names.

    Raises:
        UnreadableInput: Nothing is there, it has no format that is known, or a column is missing.
    """

    def __init__(
        self, where: Where, *, columns: Sequence[str], whole: Sequence[str] = (), filesystem: Filesystem | None = None
    ) -> None:
        self.columns = tuple(dict.fromkeys(columns))
        self.dataset = _opened(where, self.columns, frozenset(whole), filesystem)
        names = self.dataset.schema.names
        for name in self.columns:
            if name not in names:
                raise UnreadableInput(f"the files have no column {name!r}; {nearest(name, names)}")

    @property
    def schema(self) -> Any:
        """Name and type of the columns read."""
        return pa.schema([self.dataset.schema.field(name) for name in self.columns])

    @property
    def names(self) -> tuple[str, ...]:
        """The paths of the files, in order; empty for a dataset in memory."""
        return tuple(getattr(self.dataset, "files", ()))

    @property
    def stamps(self) -> list[list[Any]]:
        """Path, size and time of every file: another file under the same name is another run."""
        if not self.names:
            return []
        found = self.dataset.filesystem.get_file_info(list(self.names))
        return [[info.path, info.size, info.mtime_ns] for info in found]

    def rows(self) -> int | None:
        """How many rows there are; None where only reading them would tell."""
        known = [piece.rows for piece in self.pieces()]
        return None if any(rows is None for rows in known) else sum(rows for rows in known if rows is not None)

    def pieces(self) -> Iterator[Piece]:
        """All pieces, in order."""
        for fragment in self.dataset.get_fragments():
            if isinstance(fragment, ds.ParquetFileFragment):
                yield from (
                    Piece(group, group.metadata.row_group(group.row_groups[0].id).num_rows)
                    for group in fragment.split_by_row_group()
                )
            else:
                yield Piece(fragment, None)

    def batches(self, *, skip: int = 0, rows: int = BATCH) -> Iterator[Any]:
        """The rows after the first `skip` ones, in batches of at most `rows`.

        Raises:
            UnreadableInput: A file is damaged, or not of the format that its name says.
        """
        try:
            for piece in self.pieces():
                if piece.rows is not None and piece.rows <= skip:
                    skip -= piece.rows
                    continue
                for batch in piece.fragment.to_batches(
                    self.dataset.schema,
                    columns=list(self.columns),
                    batch_size=rows,
                    batch_readahead=2,
                    fragment_readahead=1,
                ):
                    if batch.num_rows <= skip:
                        skip -= batch.num_rows
                        continue
                    yield batch.slice(skip) if skip else batch
                    skip = 0
        except (pa.ArrowInvalid, OSError) as error:
            raise UnreadableInput(f"the facts cannot be read: {_first_line(error)}") from error


def _opened(where: Where, columns: Sequence[str], whole: AbstractSet[str], filesystem: Filesystem | None) -> Any:
    if isinstance(where, ds.Dataset):
        return where
    paths = [str(where)] if isinstance(where, (str, Path)) else [str(path) for path in where]
    if not paths:
        raise BudgetAuditError("no file is named")
    try:
        filesystem, paths = _located(paths, filesystem)
        form, source = _form(paths, filesystem)
        found = ds.dataset(source, format=_format(form, columns, whole), filesystem=filesystem)
        texts = [
            name for name in columns if name in found.schema.names and found.schema.field(name).type == pa.string()
        ]
        if form == "parquet" and texts:  # codes instead of one text per row
            coded = ds.ParquetFileFormat(dictionary_columns=texts)
            found = ds.dataset(source, format=coded, filesystem=filesystem)
        return found
    except (pa.ArrowInvalid, OSError) as error:
        raise UnreadableInput(f"cannot read {paths[0]}: {_first_line(error)}") from error


def _located(paths: list[str], filesystem: Filesystem | None) -> tuple[Filesystem, list[str]]:
    """The one filesystem that the paths are on, and the paths there."""
    if filesystem is not None:
        return filesystem, paths
    if not any("://" in path for path in paths):
        return fs.LocalFileSystem(), [str(Path(path)) for path in paths]
    found = [fs.FileSystem.from_uri(path) for path in paths]
    first = found[0][0]
    if any(other != first for other, _ in found):
        raise BudgetAuditError("the files lie on different filesystems", hint="audit those of each by themselves")
    return first, [path for _, path in found]


def _form(paths: list[str], filesystem: Filesystem) -> tuple[str, Any]:
    """The format by the names of the files, and what a dataset is made of: one folder, or a list of files."""
    files: list[str] = []
    for info in filesystem.get_file_info(paths):
        if info.type == fs.FileType.NotFound:
            raise UnreadableInput(f"cannot read {info.path}: no such file or folder")
        if info.type == fs.FileType.Directory:
            inside = filesystem.get_file_info(fs.FileSelector(info.path, recursive=True))
            files += sorted(
                entry.path for entry in inside if entry.is_file and not entry.base_name.startswith((".", "_"))
            )
        else:
            files.append(info.path)
    forms = {_suffix(path) for path in files}
    if len(forms) != 1 or not forms <= set(_FORMATS):
        named = ", ".join(sorted(form or "no suffix" for form in forms)) or "no file"
        raise UnreadableInput(
            f"facts are read from files of one format, not from {named}", hint=f"known: {', '.join(_FORMATS)}"
        )
    return _FORMATS[forms.pop()], files


def _suffix(path: str) -> str:
    suffixes = Path(path).suffixes
    packed = bool(suffixes) and suffixes[-1].lower() in _PACKED
    return (suffixes[-2] if packed and len(suffixes) > 1 else suffixes[-1] if suffixes else "").lower()


def _format(form: str, columns: Sequence[str], whole: AbstractSet[str]) -> Any:
    match form:
        case "parquet":
            return ds.ParquetFileFormat()
        case "ipc":
            return ds.IpcFileFormat()
        case _:
            return ds.CsvFileFormat(
                parse_options=csv.ParseOptions(delimiter="\t" if form == "tsv" else ","),
                convert_options=csv.ConvertOptions(
                    column_types={name: pa.int64() if name in whole else pa.string() for name in columns}, null_values=[""], strings_can_be_null=True,
                ),
            )  # fmt: skip


def is_facts_file(path: str | Path) -> bool:
    """Whether a path, by its name, is a file of facts of a format read here."""
    return _suffix(str(path)) in _FORMATS


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
