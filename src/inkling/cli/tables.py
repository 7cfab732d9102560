"""Tables on stdout, which stay readable however narrow the terminal is, and in which nothing is printed raw."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from inkling.cli.streams import escaped, unescaped
from inkling.errors import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

# The characters that a column of words keeps at least; a table that leaves it less is printed as a list.
_LEAST_WORD_WIDTH = 10
# The characters of a word in the heading of figures from which on it may be broken, such as a path.
_LONGEST_WORD = 16
# The characters that a table leaves empty beside each column.
_BLANKS_PER_COLUMN = 2


def tables() -> "Console":
    """A console on stdout for tables and for lines in bold.

    Control characters in what is printed are escaped, also line ends, except at the end of a text.
    """
    from rich.console import Console
    from rich.segment import Segment
    from rich.text import Text

    class Escaping(Console):
        def render_str(self, text: str, **options: Any) -> Text:
            line = text.rstrip("\n")
            return super().render_str(printable(line) + text[len(line) :], **options)

        def render(self, *args: Any, **options: Any) -> Iterable[Segment]:
            for segment in super().render(*args, **options):
                yield segment if segment.control else Segment(escaped(segment.text), segment.style)

        def on_broken_pipe(self) -> None:
            raise  # the error that Rich handles, on which Rich itself would exit with code 1

    return Escaping(file=unescaped(sys.stdout), highlight=False, markup=False, emoji=False)


def print_table(headings: Sequence[object], rows: Sequence[Sequence[object]], n_words: int = 1) -> None:
    """Print a table, or, where the terminal is too narrow for it, a list with one line per cell.

    Parameters
    ----------
    n_words : the first columns, which hold words: they are broken into several lines where there is little room. The
        other columns hold figures, which are never broken; their headings are.
    """
    console = tables()
    titles, cells = [printable(heading) for heading in headings], [[printable(cell) for cell in row] for row in rows]
    widths = _widths(titles, cells, n_words, console.width)
    if widths is not None:
        console.print(_table(titles, cells, n_words, widths))
        return
    for row in cells:
        console.print(row[0], soft_wrap=True)
        for title, cell in zip(titles[1:], row[1:], strict=True):
            if cell:
                console.print(f"  {title}: {cell}", soft_wrap=True)


def _table(titles: Sequence[str], cells: Sequence[Sequence[str]], n_words: int, widths: Sequence[int]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None)
    for place, (title, width) in enumerate(zip(titles, widths, strict=True)):
        table.add_column(Text(title), overflow="fold", width=width, justify="left" if place < n_words else "right")
    for row in cells:
        table.add_row(*map(Text, row))
    return table


def _widths(titles: Sequence[str], cells: Sequence[Sequence[str]], n_words: int, available: int) -> list[int] | None:
    """The characters for each column; None where they cannot be made narrow enough.

    The headings of figures are broken first, then words, each time those of the widest column.
    """
    from rich.cells import cell_len

    columns = [[cell_len(cell) for cell in column] for column in zip(titles, *cells, strict=True)]
    longest_words = [min(max([0, *map(cell_len, title.split())]), _LONGEST_WORD) for title in titles]
    widths = [max(column) for column in columns]
    least = [min(width, _LEAST_WORD_WIDTH) for width in widths[:n_words]]
    least += [max([longest_words[place], *columns[place][1:]]) for place in range(n_words, len(titles))]
    while sum(widths) + _BLANKS_PER_COLUMN * len(widths) > available:
        place = max(range(len(widths)), key=lambda i: (widths[i] > least[i], i >= n_words, widths[i]))
        if widths[place] <= least[place]:
            return None
        widths[place] -= 1
    return widths
