"""What a client leaves the MSP over the months of some time entries, and at which price it would.

Pure: coverage and what a replay came to in, margins as values out.
"""
