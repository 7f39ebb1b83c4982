"""The web chat: a page of plain HTML, CSS and JavaScript, and the few routes it needs."""
