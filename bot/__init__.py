"""Shanhuo (山货): a shop that lives in a chat."""

__version__ = "0.1.0"
