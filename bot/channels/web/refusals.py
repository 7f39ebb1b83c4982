"""What a request is refused with: a status, and a friendly text in the page's language.

Raised by the routes and all that they call, and answered in one place, `app.py`.
"""

from __future__ import annotations


class Refused(Exception):
    """The request will not be served; `text_id` names the text that says why.

    With `retry_s` the client may come again after so many seconds.
    """

    def __init__(self, status: int, text_id: str, *, retry_s: int = 0) -> None:
        super().__init__(text_id)
        self.status = status
        self.text_id = text_id
        self.retry_s = retry_s
