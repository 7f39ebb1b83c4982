"""The cities and the best known districts of Taiwan as English addresses write them."""

from __future__ import annotations

from bot.language.regex import regex

_CITIES = {
    "taipei": "台北市", "new taipei": "新北市", "taoyuan": "桃园市", "taichung": "台中市",
    "tainan": "台南市", "kaohsiung": "高雄市", "keelung": "基隆市", "hsinchu": "新竹市",
    "chiayi": "嘉义市", "miaoli county": "苗栗县", "changhua county": "彰化县",
    "nantou county": "南投县", "yunlin county": "云林县", "pingtung county": "屏东县",
    "yilan county": "宜兰县", "hualien county": "花莲县", "taitung county": "台东县",
    "hsinchu county": "新竹县", "chiayi county": "嘉义县", "penghu county": "澎湖县",
}  # fmt: skip
_DISTRICTS = {
    "daan": "大安区", "neihu": "内湖区", "shilin": "士林区", "wenshan": "文山区",
    "beitou": "北投区",
    "zhongshan": "中山区", "xinyi": "信义区", "songshan": "松山区", "wanhua": "万华区",
    "zhongzheng": "中正区", "datong": "大同区", "nangang": "南港区", "banqiao": "板桥区",
    "xinzhuang": "新庄区", "zhonghe": "中和区", "sanchong": "三重区", "xindian": "新店区",
    "tucheng": "土城区", "yonghe": "永和区", "luzhou": "芦洲区", "tamsui": "淡水区",
    "linkou": "林口区", "zhongli": "中坜区", "taoyuan": "桃园区", "pingzhen": "平镇区",
    "beitun": "北屯区", "xitun": "西屯区", "nantun": "南屯区", "fengyuan": "丰原区",
    "east": "东区", "west": "西区", "south": "南区", "north": "北区", "central": "中区",
    "yongkang": "永康区", "annan": "安南区", "anping": "安平区", "west central": "中西区",
    "fengshan": "凤山区", "sanmin": "三民区", "zuoying": "左营区", "qianzhen": "前镇区",
    "lingya": "苓雅区", "gushan": "鼓山区", "xinxing": "新兴区", "ren'ai": "仁爱区",
}  # fmt: skip
_DISTRICT = regex(r"(?:^|(?<=[,\n]))\s*([a-z' -]{3,20}?) dist(?:rict|\.)?(?=\s*[,\n\d]|$)")
_CITY = regex(
    rf"(?:^|(?<=[,\n]))\s*({'|'.join(_CITIES)})(?: city)?(?:,? ?\d{{3,6}})?(?=\s*[,\n]|$)"
)


def division_in_english(form: str, start: int) -> tuple[str, str, int]:
    """City, district and where they begin, at the end of the text if there are none."""
    begins, city, district = len(form), "", ""
    for match in _CITY.finditer(form, start):
        city, begins = _CITIES[match[1]], min(begins, match.start())
    for match in _DISTRICT.finditer(form, start):
        known = _DISTRICTS.get(match[1].replace("-", ""), "")
        if known:
            district, begins = known, min(begins, match.start())
    return city, district, begins
