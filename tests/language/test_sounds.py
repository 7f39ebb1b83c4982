"""Tibetan in Latin letters is known by its sound, however it is spelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.sounds import sounded, spelled, syllables
from tests.language.shop import reader


@pytest.mark.parametrize(
    "spellings",
    [
        ("gong ga tso re", "gong katsoe rey", "gong gatsod red", "གོང་ག་ཚོད་རེད"),
        ("yo pe", "yoe pey", "yod pas", "yope", "ཡོད་པས"),
        ("go", "goe", "dgos", "དགོས"),
        ("shu", "zhu", "ཞུ"),
        ("kyel", "bskyal", "skyel", "སྐྱེལ"),
        ("drangtsi", "sbrang rtsi", "drang tsi", "སྦྲང་རྩི"),
        ("yartsa gunbu", "dbyar rtswa dgun 'bu", "yar tsa kunbu", "དབྱར་རྩྭ་དགུན་འབུ"),
        ("nga'i", "ngai", "nge", "ངའི"),
        ("thukje che", "thugs rje che", "tuje che", "ཐུགས་རྗེ་ཆེ"),
        ("yerma", "g.yer ma", "གཡེར་མ"),
    ],
)
def test_what_sounds_alike_is_one(spellings: tuple[str, ...]) -> None:
    assert len({sounded(spelled(one)).strip() for one in spellings}) == 1


def test_what_sounds_otherwise_is_not() -> None:
    assert syllables("tang") != syllables("tong")
    assert syllables("chig") != syllables("che")


@given(st.text(max_size=60))
def test_any_text_has_a_sound(text: str) -> None:
    assert isinstance(sounded(spelled(text)), str)
    assert all(syllables(word) for word in text.split())


@pytest.mark.parametrize(
    ("text", "product", "quantity"),
    [
        ("bu yö pe", "cordyceps", ""),
        ("yar tsa gun bu gong ga tsö re", "cordyceps", ""),
        ("bu chewa sum chu gö", "cordyceps", "30 pc"),
        ("bu nyi shu tsa nga kyel rok nang", "cordyceps", "25 pc"),
        ("bu gyatampa go, nyur du kyel", "cordyceps", "100 pc"),
        ("gu gu shya mo yod pas", "morel", ""),
        ("yermai gong ga tsö re", "sichuan-pepper", ""),
        ("ne gyama nyi shu go la", "barley", "10000 g"),
        ("ne sarpa ga dü thön gi re", "barley", ""),
        ("besha kilo chik dang che ka tang rok", "matsutake", "1500 g"),
        ("yak sha skam gyama che dang nyi go", "yak-jerky", "750 g"),
        ("sha kampo gyama nyi nga la tang rog nang", "yak-jerky", "1000 g"),
        ("mar kilo la kor ga tsö", "yak-butter", "1000 g"),
        ("gong tsam chag rok", "", ""),
        ("weixin nang ne ngül tang na drig gi re pe", "", ""),
    ],
)
def test_goods_and_amounts_are_known_by_ear(text: str, product: str, quantity: str) -> None:
    read = reader().read(text)
    assert (read.language, read.product or "") == ("bo", product)
    assert str(read.quantity or "") == quantity
