"""The conversation: what is answered to whom, in which words."""
