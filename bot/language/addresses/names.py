"""What can be the name of a person, and what is part of a street."""

from __future__ import annotations

import re

from bot.language.numerals import read_number
from bot.language.regex import regex
from bot.language.script import HAN, TSHEG, form_of

SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪"
    "严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴"
    "席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄"
    "盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗"
    "应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺欧上司东诸尉皇令那农佘初智折冶羊骆竹招衷漆盘火释普范闫肖付代庹亢窦缪麻仝"
    "蒲卿敬扈雍濮钮蔚晁尚戎祖束幸韶宿索阴闻贡劳扶宰郦寿茹戈暨满寇阚毋乜巢蒯昝税隆师旷麦莘粟"
    "邝邰宦宓桓逄展占干撒拜沐鹿鱼矫刀岩玉召罕"
)
_COMPOUND = regex(
    "欧阳|司马|上官|诸葛|慕容|令狐|尉迟|皇甫|东方|公孙|轩辕|司徒|司空|夏侯|宇文|长孙|端木|独孤|南宫|西门"
    "|东郭|百里|呼延|鲜于|闾丘|澹台|申屠|太史|完颜|纳兰|赫连|拓跋|万俟|范姜|张简|公冶|濮阳|淳于|单于|仲孙|钟离"
)
HONORIFIC = regex(
    r"(?:法师|上师|师父|尼师|堪布|仁波切|格西|院长|局长|站长|厂长|所长|乡长|村长|队长|活佛|喇嘛|阿克|阿卡|医师|律师|先生|女士|小姐|太太|老师|同学|师傅|医生|大夫|经理|老板娘?|掌柜|校长|主任|教授|书记|警官|护士|奶奶|爷爷|妈妈|爸爸|阿姨|叔叔|大哥|大姐|姐|哥|叔|总|生)$"
)
_ADDRESSED = regex(r"(?:先生|女士|小姐|太太|老师)$")
_RECEIVES = regex(r"\s*\(?(?:亲收|签收|敬收|收|启)\)?$")
_TIBETAN_NAMES = (
    "扎西|卓玛|才让|次仁|尼玛|达瓦|多吉|央金|桑吉|格桑|洛桑|丹增|平措|索朗|旦增|白玛|拉姆|边巴|巴桑|普布|强巴|旺堆|仁青|仁增|"
    "土登|顿珠|德吉|曲珍|措姆|贡布|嘉措|加措|吉美|晋美|才旦|才仁|次旦|次旺|旺姆|旺杰|南杰|朗杰|公保|桑杰|拉毛|卓嘎|云丹|阿旺|"
    "益西|江白|罗布|加央|嘎玛|噶玛|泽仁|泽让|泽旺|拥忠|四郎|俄色|降央|向巴|更登|更桑|尕藏|东周|看着|久美|拉珍|玉珍|群培|其美|赤列|桑珠|"
    "西热|喜饶|华青|华旦|彭措|仓决|仓央|伦珠|坚赞|丹巴|丹珠|班玛|柔旦|索南|万玛|完玛|杨金|羊措|卓么|吉|"
    "扎巴|普琼|边珍|达娃|琼达|旺扎|旺久|曲批|曲扎|央宗|央珍|德庆|德央|米玛|拉巴|琼吉|白珍|尼珍|加布|东智|东知|才项|"
    "文毛|周毛|加羊|夏吾|关却|桑知|拉措|措毛|华尔|旦正|旦巴|旦知|多杰|道吉|道尔吉|拉加|才郎|才太|仁钦|仁真|泽登|泽郎|"
    "罗让|罗尔|尕让|三郎|三知|俄木|鲁绒|七林|取追|吉称|格绒|登巴|土旦|土丹|多布杰|朗加|曲措|曲吉|曲登|翁姆|志玛|志西|"
    "拥青|仲尕|白马|央姆|根秋|尼扎|夺尔基|彭毛|卡卓|项秀|先巴|合巴|李先|切羊|切吉|拉果|桑姆|觉姆|觉巴|巴姆|玉措|赛毛|"
    "扎姆|松杰|朋措|平多|永青|永珍|扎桑|嘉央|丁增|甲措|拉旺|阿布|巴登|欧珠|群宗|格列|格勒|罗追|洛追|洛绒"
)
_TIBETAN_NAME = regex(rf"(?:{_TIBETAN_NAMES}){{1,3}}(?:[{HAN}])?")
_HAN_NAME = regex(rf"[{HAN}]{{2,4}}(?:·[{HAN}]{{2,6}})?")
_DOTTED_NAME = regex(rf"[{HAN}]{{1,8}}(?:·[{HAN}]{{1,8}}){{1,3}}")
_LATIN_WORD = r"[a-zA-Z\u00c0-\u024f\u1e00-\u1eff][a-zA-Z\u00c0-\u024f\u1e00-\u1eff.'-]{0,20}"
_LATIN_NAME = regex(rf"{_LATIN_WORD}(?: {_LATIN_WORD}){{0,4}}")
# Sonam's, it is Sonam.
_TIBETAN_BEHIND = regex(r"(?:འི|་(?:གི|ཀྱི|གྱི|ཡི|ཡིན|རེད|ཟེར|ཞུ))$")
_NOBODY = regex(r"(?:ང|ཁོ|མོ|ཁོང|ཁྱེད|ཨ་མ|ཨ་ཕ|དེ|འདི|ངེད)(?:་རང|་ཚོ)?")
_TIBETAN_TITLE = regex(
    r"(?:དགེ་སློང|དགེ་ཚུལ|བཙུན་མ|བཙུན་པ|བླ་མ|སྤྲུལ་སྐུ|མཁན་པོ|མཁན་རིན་པོ་ཆེ|དགེ་བཤེས|ཨ་ནི|ཨ་ཁུ|ཨ་ཅག|ཨ་ཅེ|དགེ་རྒན|སྨན་པ|སྐུ་ཞབས|ལྕམ་སྐུ)་"
)
# Names of people with syllables that sentences have.
_TIBETAN_GIVEN = regex(
    r"(?<![\u0f40-\u0fbc])(?:ནོར་(?:བུ|རྒྱས|འཛིན|བཟང)|འཆི་མེད|འགྱུར་མེད|དབྱེར་མེད|ངག་དབང|དེ་བ"
    r"|ཡོད་གསལ|མི་འགྱུར|ཆེ་མཆོག)(?![\u0f40-\u0fbc])"
)
_TIBETAN_SCRIPT_NAME = regex(r"[\u0f40-\u0fbc]+(?:\u0f0b[\u0f40-\u0fbc]+){0,7}\u0f0b?")
# Verbs and measures: what is said of goods is no name.
_TIBETAN_SAYING = regex(
    r"(?<![\u0f40-\u0fbc])(?:དགོས|མེད|རེད|སྐུར|བསྐུར|གཏོང|ཉོ|རྒྱ་མ|ག་ཚོད|རོགས|ཤ་སྐམ)(?![\u0f40-\u0fbc])"
)
TIBETAN_SENTENCE = regex(
    r"(?<![\u0f40-\u0fbc])(?:འདུག|སོང|རེད|ཡོད|མེད|མིན|ཡིན|ཟེར|དགོས|བབས|རོགས|ཉོ|ཐུབ|གནང|བཞག|འགག|བསྡད|རྒྱོབས"
    r"|བྱེད|འགྲིག|ཆོག|ཁྱེད|ངས|ངའི|ང|ག་རེ|སྣོན|བྱུང|ཤོག|ལ་ལ)(?![\u0f40-\u0fbc])"
)
# Whoever says only these answers something else than what they are called.
NO_LONE_WORDS = regex(
    r"(?<![\u0f40-\u0fbc])(?:གཅིག|གཉིས|གསུམ|བཞི|ལྔ|དྲུག|བདུན|བརྒྱད|བཅུ|ཉི་ཤུ|ཕྱེད|བྱེད|འགྲིག|ཆོག|ཡིན|ཡོད|མིན|མེད"
    r"|རེད|སྣོན|བརྗེ|ནོར|སུབས|གཞན|དེ|འདི|མང|ཉུང|ཆེ|ཆུང|གམ|དམ|ངམ|ནམ|ཡང|ཚང་མ|ཐུགས་རྗེ|ཁ་པར|མིང"
    r"|འདུག|སོང|དགོས|ཟེར|རོགས|ཉོ|ཐུབ|གནང|བཞག|བསད|ཁྱེད|ང|ངས|ངའི|ཅི|གང|ག་རེ|ལ|ནས|བབས|མངགས|འབྲིང|ཧ|ཨོ"
    r"|མི་ཤེས|བྱུང|སྤྱང་ཀི|ལོངས|ཟིན|པས|ཚར|ཤོར|འགྲིགས)(?![\u0f40-\u0fbc])"
)
# Characters that no name has, whichever place they take in it.
_NO_NAME = regex(
    r"[要斤两盒袋货了吗呢吧啊哦的们您址话邮退寄把给勿请]|^别|钱$|包$|这|那[个里边么]|个$|我|你"
    r"|地址|电话|手机|一下|^老板|你好|您好|谢谢|麻烦|松茸|虫草|微信|快递|顺丰|中通|圆通|韵达|尽快|直接|就行|可以|付款|打电|周末|工作日|\d"
)
_BEGINS_REQUEST = frozenset("放到送不有没急加换用打等先再从可在是能会想请帮就也还")
_SAID_OF_A_PART = regex(r"\b(?:sorry|should|wrong|please|number)\b")
# Words of sentences in Latin letters; nobody is called so, and no street alone.
NO_NAME_WORDS = regex(
    r"\b(?:yes|yeah|yep|yup|no|nope|ok|okay|sure|fine|good|great|nice|nicely|cool|perfect|thanks?"
    r"|thx|ty|hello|hey|sorry|oops|wait|please|pls|plz|the|a|of|and|or|but|not|with|for|from|at|on"
    r"|in|to|as|if|so|than|then|is|are|was|be|been|should|would|could|can|cannot|can't|don't|doesn't"
    r"|do(?= )|does|did|will(?= )|you|your|we|our|us|i|i'm|i'd|i'll|it|it's|its|me|my|mine|they"
    r"|them|their|he|she|his|her|this|that|these|those|what|when|where|which|who|why|how|each|every"
    r"|everything|all|both|half|double|triple|more|less|another|again|same|other|also|too|only|just"
    r"|make|take|add|remove|change|cancel|send|sent|ship|shipping|deliver|delivery|wrap|wrapped|pack"
    r"|packed|want|need|have|has|had|get|give|gift|like|buy|pay|paid|order|ordered|price|cheap"
    r"|cheaper|expensive|discount|free|cash|card|now|later|today|tomorrow|soon|fast|quick|one|two"
    r"|three|four|five|six|seven|eight|nine|ten|dozen|hmm|um|actually|maybe|instead|wrong|correct"
    r"|right|done|phone|address|name|number|kilo|kg|grams?|pieces?|box|boxes|bags?|jars?|small"
    r"|medium|large|big|fresh|dried|let|know|think|see|wife|husband|mom|dad|mother|father"
    r"|gyama|gya|ma gö|gö|dgos|yin|yö|yod|yo|med|mö|mi|tso|tsö|red?|kyön|dom|nön|pe|pas|zer|ngai"
    r"|kha ?par|ming|haode|hao de|keyi|duoshao|bu yao|buyao)\b"
)
# More of them in Latin letters, which may be in a street: 5 hao, rue la Fayette.
_CHAT = regex(
    r"\b(?:im|hm+|lol|haha+|wow|interesting|whatever|wyd|bored|broke|whats|sayonara|purchase|wo|ni"
    r"|zenme|hao|shi|bu|nga|nge|la|ki|ge|gi|dang|song|rang|go|len|ne|rok|dog|dug|du)\b"
)
WORDS_MAX = 4  # of a name; more are a sentence
SYLLABLES_MAX = 5
# A message that only names somebody is read more strictly than a part of an address.
_NO_LONE_NAME = regex(
    r"[买来寄发货一个这克根机付它谁哪几再也算]|^包|^(?:成交|路过|安排|双份)"
    r"|只?最好|^钱[不没了的]"
)
# What stands around a name that was asked for: 收货人小林, 写张三就行, 给我妈 刘芳.
_NAMES_ITSELF = r"(?:(?:我|他|她|收[件货]人|联系人|名字|姓名)+[叫是写填]?|叫)[我做作]?"
KIN = (
    "(?:妈妈?|爸爸?|老妈|老爸|哥哥?|弟弟?|姐姐?|妹妹?|老[婆公]|媳妇|奶奶"
    "|爷爷|外[婆公]|朋友|闺蜜|同[事学]|女儿|儿子|阿[姨妈]|叔叔?)"
)
_KIN = rf"[我俺他她](?:的|们|家|嘅)?{KIN}"
_AROUND_ASKED = regex(
    rf"(?:对了[\s,]*)?(?:就?(?:写|填|用|是?寄?给|是)|(?P<said>{_NAMES_ITSELF}))?[\s,:]*"
    rf"(?:{_KIN}(?:的名字)?(?P<called>[叫是的\s,:]+)?)?"
    rf"(?P<name>[{HAN}·]{{2,6}}?)(?:就[行好可]了?|[吧哈哦啊呀收]|谢谢|[\s,.!~])*"
)
_SURNAME_ONLY = regex(rf"(?:我|免贵|本人)?姓([{HAN}])[,. 的啊呀]*")
_NICKNAME = regex(rf"[阿小][{HAN}]{{1,2}}|老(?P<surname>[{HAN}])")
# Begins as a name would, and is said for something else.
_NO_ANSWER = regex(
    r"[吗呢吧么嘛啦噻了的不没冇啥您你我们谁斤两盒袋货钱价咋㗎咯囉囖猴]|(?<!^)点|^(?:谢谢|拜拜|辛苦|边[间个度]|那[单个些边]"
    r"|包[裹邮装]|单[号子独]|查[件物订单询找一下]|付款?|保[存质证密]|关[闭于注]|冷[链藏冻]|安[排全逸]|成[交功]|时[效间候]"
    r"|智商|来[一两几份]|满[减意]|牛肉|牛奶|羊肚|花[椒呗费]|白[天色白]|路[过上]|盘它|上车|明[天白早晚儿日]|何[时必况]"
    r"|方[便法案]|和[之上前]|高[兴一]|应[该当]|于是|万一|任何|全[部要都]|都|能|便宜|计算|易碎|容易|申请|商[家量]|常[温用]"
    r"|黄色|红色|金额|支[付持]|余额|毛重|官方|平[时常安]|温度|农[村家]|鱼|房[间号]|车|米|后[天面]|家[里人]|祝|车间"
    r"|同[上前]|老[样师板]|小[号心时姐包份袋盒罐瓶件量米麦粒个只条根样区店孩费票程事视看菇众半]|阿[里姨]|谢[啰])|[上下]$"
)
REMARK = regex(
    r"谢谢|货到|付款|支付宝|转账|多谢|麻烦|拜托|尽快|快点|快发|早点|不要|别[发放忘打用]|勿|驿站|打电话?|到了|再送|再发|放门|门卫|菜鸟|快递|顺丰|中通"
    r"|圆通|韵达|申通|邮政|发货|一起发|送货|周末|工作日|白天|晚上|上午|下午|中午|提前|帮我|记得|多放|冰袋|不在家|^老板|其他|不变|改[成到一]|换[成到]|你好|您好"
    r"|[\d一二两三四五六七八九十半几]+[斤袋盒包瓶根克份条罐块]|牛肉|肉干|酥油|虫草|松茸|原味|五香|麻辣|微辣|多少|怎么|什么"
    r"|吗$|呢$|\bplease\b|\bthank|\binstead\b|\bsame (?:as|address)\b"
    r"|\bleave\b|\bcall\b|\border\b|\bpa?c?ks?\b|\bjerky\b|\b\d+ ?kg\b"
)
STREETY = regex(
    r"[路街巷弄号幢室村镇乡屯苑寓厦店庙寺厂场旁]|道(?!尔?吉)|胡同|单元|苏木"
    # Names have these too: 李国栋, 庄严, 段誉.
    r"|(?<=[\da-z一二三四五六七八九十东西南北中上下前后大小新老号])[栋楼层组座段队社]"
    r"|(?<=.)[庄园院校站楼]"
    r"|小区|花园|大厦|广场|市场|宿舍|公司|驿站"
    r"|嘎查|对面|[东西南北]门|附近|隔壁|国际|中心"
    r"|(?<![\u0f40-\u0fbc])(?:ལམ|ཨང|སྲང|གྲོང|སྡེ་བ|ཤང|ཁང་མིག|ཐོག)(?![\u0f40-\u0fbc])"
    r"|\b(?:st|street|rd|road|ave|avenue|blvd|lane|ln|drive|(?<!\A)dr|court|ct|way|apt|suite"
    r"|unit|po box|flat|strasse|str|district|block|blk|floor|house|room|building"
    r"|bldg|tower|mansion|estate|square|plaza"
    r"|place|city|province|p\.?o\.?|jalan|soi|via|rue|calle)\b|stra(?:ß|ss)e\b"
    r"|\b[a-z\u00df-\u024f]{4,}(?:allee|platz|gasse|weg|ufer|straat|gracht|gatan)\b",
    re.IGNORECASE,
)


def bare_name(shown: str) -> str:
    """扎西收 and 扎西（收） are addressed to 扎西; a title stays."""
    shown = _TIBETAN_BEHIND.sub("", shown.strip(" ,.:;-\n།་"))
    bare = _RECEIVES.sub("", shown.replace("（", "(").replace("）", ")"))
    return shown[: len(bare)].strip() if bare else shown


def is_name(shown: str) -> bool:
    """Whether this is a name by itself: it begins with a surname, or is known as a name."""
    shown = bare_name(shown)
    form = form_of(shown).text.strip(TSHEG)
    untitled = HONORIFIC.sub("", form).strip()
    if not untitled or len(shown) > 60 or _NO_NAME.search(untitled):
        return False
    if untitled != form and len(untitled) == 1:
        return untitled in SURNAMES or _ADDRESSED.search(form) is not None
    for name in (form, untitled):
        if _TIBETAN_NAME.fullmatch(name) or _DOTTED_NAME.fullmatch(name):
            return True
        if _HAN_NAME.fullmatch(name) and (name[0] in SURNAMES or _COMPOUND.match(name)):
            return True
    if _TIBETAN_SCRIPT_NAME.fullmatch(form):
        said = _TIBETAN_GIVEN.sub("", form)
        return not (_TIBETAN_SAYING.search(said) or _NOBODY.fullmatch(form))
    return bool(_LATIN_NAME.fullmatch(untitled)) and not _SAID_OF_A_PART.search(untitled)


def is_lone_name(shown: str) -> bool:
    """Whether a message that is nothing else can be a name."""
    form = form_of(shown).text
    if read_number(form) is not None:
        return False
    if re.search("[a-z]{2}", form) and (NO_NAME_WORDS.search(form) or _CHAT.search(form)):
        return False
    if form.count(TSHEG) > SYLLABLES_MAX or (form.isascii() and len(form.split()) > WORDS_MAX):
        return False
    said = _NO_LONE_NAME.search(form) or NO_LONE_WORDS.search(_TIBETAN_GIVEN.sub("", form))
    return is_name(shown) and not said


def answered_name(shown: str, asked: str) -> str:
    """The name in an answer to who shall get it, or in one that says itself it is a name; ''."""
    shown = shown.strip()
    surname = _SURNAME_ONLY.fullmatch(form_of(shown).text)
    if surname and surname[1] in SURNAMES:
        return shown[surname.start(1) : surname.end(1)]
    found = _AROUND_ASKED.fullmatch(form_of(shown).text)
    if found is None or len(form_of(shown).text) != len(shown):
        return ""
    if asked != "name" and not (found["said"] or found["called"]):
        return ""
    name = found["name"]
    is_plain = len(name) in (2, 3) and name[0] in SURNAMES
    is_one = is_plain or is_nickname(name) or is_lone_name(name)
    is_one = is_one and not _NO_ANSWER.search(name)
    return shown[found.start("name") : found.end("name")] if is_one else ""


def is_nickname(shown: str) -> bool:
    """Whether this is how somebody near is called: 小陈, 老王, 阿强."""
    form = form_of(shown).text
    nick = _NICKNAME.fullmatch(form)
    known = nick is not None and nick["surname"] in (None, *SURNAMES)
    return known and not _NO_ANSWER.search(form)


def is_titled_name(shown: str) -> bool:
    """Whether this is a name with a title of monks and the like, and nothing else."""
    form = form_of(shown).text.strip(TSHEG)
    titled = _TIBETAN_TITLE.match(form) or (HONORIFIC.search(form) and 2 < len(form) < 8)
    return bool(titled) and is_lone_name(shown)


def may_be_name(shown: str) -> bool:
    """Whether this can be a name whose first character is no Han surname: 巴特尔, 阿依古丽."""
    form = HONORIFIC.sub("", form_of(bare_name(shown)).text)
    if not (_HAN_NAME.fullmatch(form) or re.fullmatch(f"[{HAN}]{{2,6}}", form)):
        return False
    return not (_NO_NAME.search(form) or REMARK.search(form) or form[0] in _BEGINS_REQUEST)


def is_compound(shown: str) -> bool:
    """Whether a name begins with a surname of two characters."""
    return bool(_COMPOUND.match(shown))


def is_titled(shown: str) -> bool:
    """Whether a title follows the name."""
    return bool(HONORIFIC.search(shown)) and not shown.endswith("生") or shown.endswith("先生")


def is_tibetan(form: str) -> bool:
    """Whether this is a Tibetan name in Chinese characters."""
    return bool(_TIBETAN_NAME.fullmatch(form))
