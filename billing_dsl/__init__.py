"""billing_dsl: an MSP's billing configuration as code, proved and compiled."""

__version__ = "0.1.0"
