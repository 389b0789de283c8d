"""Time entries of the past through the compiled routing: where each ends, and for which amount.

Pure: tables, names and SQL as values. Files and the engine that runs the SQL are `entries`.
"""
