"""Everything that crosses a wire or a room, and the Protocols by which siblings meet."""
