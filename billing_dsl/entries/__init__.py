"""Files of time entries, and the engine that replays them: at the edge, for it reads files."""
