"""Numbers in one hand, written on made-up paper and photographed: pictures with known text for row networks."""

from inkling.synthesis.rows.row import WrittenRow, written_row

__all__ = ["WrittenRow", "written_row"]
