"""Packs which traditional characters are which simplified ones, from OpenCC's table `t2s`.

Run by hand when OpenCC has a new edition: `python -m bot.language.script_pack`. One character
stands for one, whatever is around it, so that places in a text stay what they are; the few words in
which that is wrong are in `script`.
"""

from __future__ import annotations

from opencc import OpenCC

from bot.language.script import TABLE

BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))  # Unicode's of Han, without 𠀀 …


def main() -> None:
    """Writes TABLE."""
    convert = OpenCC("t2s").convert
    signs = [chr(code) for first, end in BLOCKS for code in range(first, end)]
    pairs = [(sign, convert(sign)) for sign in signs]
    kept = [pair for pair in pairs if pair[0] != pair[1] and len(pair[1]) == 1]
    TABLE.write_text("\n".join("".join(column) for column in zip(*kept, strict=True)), "utf-8")


if __name__ == "__main__":
    main()
