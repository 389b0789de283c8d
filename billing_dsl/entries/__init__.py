"""Files of time entries, and the engine that replays them. At the edge: it reads and writes files.
"""
