"""Pictures: known by their first bytes, freed of what a camera wrote, shown in their chat only."""

from __future__ import annotations

import struct
import zlib

import pytest

from bot.channels.web import uploads
from bot.channels.web.refusals import Refused
from bot.messages import Message
from tests.web.conftest import Page, Shop

SECRET = b"GPS 31.6N 99.9E"


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def chunk(name: bytes, content: bytes) -> bytes:
    checked = name + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def riff(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


JFIF = segment(0xE0, b"JFIF\0" + b"\1" * 9)
SCAN = segment(0xDA, b"\1" * 8) + b"\x12\xff\x00\x34\xff\xd0\x56"
DIRTY_JPEG = (
    b"\xff\xd8"
    + JFIF
    + segment(0xE1, b"Exif\0\0" + SECRET)
    + segment(0xE2, b"MPF\0" + SECRET)
    + segment(0xE2, b"ICC_PROFILE\0ok")
    + segment(0xED, b"Photoshop" + SECRET)
    + segment(0xFE, SECRET)
    + b"\xff"
    + segment(0xDB, b"table")
    + SCAN
    + b"\xff\xd9"
    + b"\xff\xd8 a second picture "
    + SECRET
)
CLEAN_JPEG = (
    b"\xff\xd8"
    + JFIF
    + segment(0xE2, b"ICC_PROFILE\0ok")
    + segment(0xDB, b"table")
    + SCAN
    + b"\xff\xd9"
)
HEAD = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
DATA = chunk(b"IDAT", zlib.compress(b"\0\0"))
DIRTY_PNG = (
    b"\x89PNG\r\n\x1a\n"
    + HEAD
    + chunk(b"eXIf", SECRET)
    + chunk(b"tEXt", SECRET)
    + DATA
    + chunk(b"IEND", b"")
    + SECRET
)
CLEAN_PNG = b"\x89PNG\r\n\x1a\n" + HEAD + DATA + chunk(b"IEND", b"")


def webp(*chunks: bytes) -> bytes:
    inside = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


DIRTY_WEBP = webp(
    riff(b"VP8X", bytes([0x2C]) + b"\0" * 9),
    riff(b"VP8 ", b"pixel"),
    riff(b"EXIF", SECRET),
    riff(b"XMP ", SECRET),
)
CLEAN_WEBP = webp(riff(b"VP8X", bytes([0x20]) + b"\0" * 9), riff(b"VP8 ", b"pixel"))
GIF = b"GIF89a" + b"\0" * 20


@pytest.mark.parametrize(
    ("dirty", "clean", "kind"),
    [
        (DIRTY_JPEG, CLEAN_JPEG, "image/jpeg"),
        (DIRTY_PNG, CLEAN_PNG, "image/png"),
        (DIRTY_WEBP, CLEAN_WEBP, "image/webp"),
        (GIF, GIF, "image/gif"),
    ],
)
def test_what_a_camera_wrote_beside_the_picture_is_gone(
    dirty: bytes, clean: bytes, kind: str
) -> None:
    assert uploads.cleaned(dirty) == (clean, kind)
    assert uploads.cleaned(clean) == (clean, kind)


@pytest.mark.parametrize("whole", [CLEAN_JPEG, CLEAN_PNG, CLEAN_WEBP])
def test_a_picture_that_is_cut_off_anywhere_is_refused(whole: bytes) -> None:
    for length in range(len(whole)):
        with pytest.raises(Refused):
            uploads.cleaned(whole[:length])


@pytest.mark.parametrize(
    "data", [b"<svg onload=alert(1)>", b"%PDF-1.7", b"\xff\xd8\xff\xe1\0\0", b"\0" * 100]
)
async def test_what_is_no_picture_is_refused(shop: Shop, page: Page, data: bytes) -> None:
    answer = await page.send_picture(data)
    assert answer.status_code == 415
    assert "web.not-a-picture" in answer.json()["text"]
    assert shop.taken == []
    assert not shop.web.files.folder.exists()


async def test_a_picture_is_taken_under_a_name_of_our_own_and_shown(shop: Shop, page: Page) -> None:
    assert (await page.send_picture(DIRTY_JPEG, "paid")).status_code == 200
    event = shop.taken[0]
    assert isinstance(event, Message) and event.text == "paid"
    (attachment,) = event.attachments
    assert attachment.media_type == "image/jpeg"
    assert shop.web.files.read(attachment.hash) == CLEAN_JPEG
    assert (await page.lines())[0]["pictures"] == [attachment.hash]
    assert f'src="files/{attachment.hash}"' in await page.html()
    shown = await page.client.get(f"{page.path}files/{attachment.hash}")
    assert shown.content == CLEAN_JPEG
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["content-disposition"] == "inline"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in shown.headers["content-security-policy"]


async def test_a_picture_is_not_shown_in_another_chat_even_to_one_who_names_it(
    shop: Shop, page: Page
) -> None:
    await page.send_picture(CLEAN_PNG)
    event = shop.taken[0]
    assert isinstance(event, Message)
    hash = event.attachments[0].hash
    async with shop.client() as client:
        other = Page(client, (await client.post("/c")).headers["location"])
        await other.say(hash)
        await other.say(f'{{"attachments": [{{"hash": "{hash}"}}], "picture": "{hash}"}}')
        assert (await client.get(f"{other.path}files/{hash}")).status_code == 404
    for name in ("x", "..%2f..%2fshop.db", hash.upper(), "0" * 64):
        assert (await page.client.get(f"{page.path}files/{name}")).status_code == 404


async def test_a_picture_that_is_too_big_is_refused(shop: Shop, page: Page) -> None:
    answer = await page.send_picture(CLEAN_PNG + b"\0" * uploads.PICTURE_MAX)
    assert answer.status_code == 413
    assert shop.taken == []


async def test_a_multipart_form_needs_the_pages_token(shop: Shop, page: Page) -> None:
    form = {"key": "00000000-0000-4000-8000-000000000001", "text": "hi", "token": "0"}
    answer = await page.client.post(
        page.path + "messages", data=form, files={"picture": ("a.png", CLEAN_PNG)}
    )
    assert answer.status_code == 403
    assert not shop.web.files.folder.exists()


async def test_a_broken_multipart_form_is_refused(shop: Shop, page: Page) -> None:
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
        answer = await page.client.post(
            page.path + "messages", content=b"nonsense", headers={"content-type": kind}
        )
        assert answer.status_code in (400, 403)
    assert shop.taken == []
