"""Reading what is posted, with limits that hold while reading, and making pictures safe to keep.

A picture is known by its first bytes, never by its name. What a camera wrote beside the pixels
(place, device, time) is cut out before it is kept: it may tell where a buyer lives.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from bot.channels.web.refusals import Refused
from bot.store.files import media_type

JSON_MAX = 64 * 1024
PICTURE_MAX = 8 * 1024 * 1024
MULTIPART_MAX = PICTURE_MAX + JSON_MAX
READ_SECONDS = 60  # For a whole body: a picture of 8 MB over a slow line of 1.1 Mbit/s.


async def limited(request: Request, size_max: int) -> AsyncGenerator[bytes, None]:
    """The body in pieces. Raises Refused once it is longer than allowed or takes too long."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > size_max:
        raise Refused(413, "web.too-big")
    size = 0
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for piece in request.stream():
                size += len(piece)
                if size > size_max:
                    raise Refused(413, "web.too-big")
                yield piece
    except TimeoutError as error:
        raise Refused(408, "web.too-slow") from error
    except ClientDisconnect as error:
        raise Refused(400, "web.not-understood") from error


async def body(request: Request, size_max: int = JSON_MAX) -> bytes:
    """The whole body. Raises Refused."""
    return b"".join([piece async for piece in limited(request, size_max)])


async def form(request: Request) -> FormData:
    """A form without files. Raises Refused."""
    try:
        parser = FormParser(request.headers, limited(request, JSON_MAX))
        return await parser.parse()
    except ValueError as error:
        raise Refused(400, "web.not-understood") from error


async def form_with_picture(request: Request) -> tuple[dict[str, str], bytes]:
    """The fields and the picture (b'' without one) of a multipart form. Raises Refused."""
    parts = limited(request, MULTIPART_MAX)
    parser = MultiPartParser(
        request.headers, parts, max_files=1, max_fields=8, max_part_size=JSON_MAX
    )
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise Refused(400, "web.not-understood") from error
    try:
        return await _taken_apart(form)
    finally:
        await form.close()


async def _taken_apart(form: FormData) -> tuple[dict[str, str], bytes]:
    fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    picture = form.get("picture")
    data = await picture.read(PICTURE_MAX + 1) if isinstance(picture, UploadFile) else b""
    if len(data) > PICTURE_MAX:
        raise Refused(413, "web.picture-too-big")
    return fields, data


def cleaned(data: bytes) -> tuple[bytes, str]:
    """The picture without what a camera wrote beside it, and its media type.

    Raises Refused for anything that is not a whole JPEG, PNG, WebP or GIF picture.
    """
    kind = media_type(data)
    try:
        clean = {
            "image/jpeg": _clean_jpeg,
            "image/png": _clean_png,
            "image/webp": _clean_webp,
            "image/gif": _whole,
        }[kind or ""](data)
    except (KeyError, IndexError, ValueError) as error:
        raise Refused(415, "web.not-a-picture") from error
    return clean, str(kind)


def _whole(data: bytes) -> bytes:
    return data


# Application segments that tell how to draw: JFIF, the colour profile, Adobe's colours.
_JPEG_KEPT = ((0xE0, b"JFIF"), (0xE2, b"ICC_PROFILE"), (0xEE, b"Adobe"))
_JPEG_START_OF_SCAN = 0xDA
_JPEG_COMMENT = 0xFE


def _clean_jpeg(data: bytes) -> bytes:
    """Keeps all but the application segments that hold Exif, XMP, IPTC, and the comments.

    The orientation goes with Exif; a picture that lay on its side is turned upright in the page
    before it is sent.
    """
    kept = [data[:2]]
    place = 2
    while True:
        if data[place] != 0xFF:
            raise ValueError("no marker where one must be")
        marker = data[place + 1]
        if marker == 0xFF:  # A filling byte.
            place += 1
            continue
        if marker == _JPEG_START_OF_SCAN:
            return b"".join([*kept, _without_trailer(data[place:])])
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4], "big")
        if end <= place + 3 or end > len(data):
            raise ValueError("a segment that does not end")
        if _is_for_drawing(marker, data[place + 4 : end]):
            kept.append(data[place:end])
        place = end


def _is_for_drawing(marker: int, content: bytes) -> bool:
    if 0xE0 <= marker <= 0xEF:
        return any(marker == kept and content.startswith(name) for kept, name in _JPEG_KEPT)
    return marker != _JPEG_COMMENT


def _without_trailer(scan: bytes) -> bytes:
    """The scans up to the end of the image: phones append previews and videos behind it.

    In entropy-coded data 0xFF is followed by 0 or a restart marker, so the first end marker there
    is the image's own.
    """
    end = scan.find(b"\xff\xd9")
    if end < 0:
        raise ValueError("the picture is cut off")
    return scan[: end + 2]


_PNG_DROPPED = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}


def _clean_png(data: bytes) -> bytes:
    kept = [data[:8]]
    place = 8
    while True:
        length = int.from_bytes(data[place : place + 4], "big")
        name = data[place + 4 : place + 8]
        end = place + 12 + length
        if len(name) < 4 or end > len(data):
            raise ValueError("a chunk that does not end")
        if name not in _PNG_DROPPED:
            kept.append(data[place:end])
        if name == b"IEND":
            return b"".join(kept)
        place = end


_WEBP_DROPPED = {b"EXIF", b"XMP "}
_WEBP_METADATA_FLAGS = 0x08 | 0x04


def _clean_webp(data: bytes) -> bytes:
    size = 8 + int.from_bytes(data[4:8], "little")
    if size > len(data) or size < 20:
        raise ValueError("the picture is cut off")
    kept = []
    place = 12
    while place + 8 <= size:
        name = data[place : place + 4]
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        end = place + 8 + length + length % 2
        if place + 8 + length > size:
            raise ValueError("a chunk that does not end")
        if name not in _WEBP_DROPPED:
            kept.append(_unflagged(data[place:end]) if name == b"VP8X" else data[place:end])
        place = end
    inside = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(inside).to_bytes(4, "little") + inside


def _unflagged(chunk: bytes) -> bytes:
    """The extended header without its word that Exif and XMP follow."""
    return chunk[:8] + bytes([chunk[8] & ~_WEBP_METADATA_FLAGS]) + chunk[9:]
