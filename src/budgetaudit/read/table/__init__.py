"""Tables: from grids of cells to budget lines. Every reader of a format gives grids; only this folder says what they mean."""
