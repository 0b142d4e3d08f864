"""Make the font of the figures anew: src/initbench/figures/fonts/InitbenchSans.ttf, a subset of Noto Sans SC.

python scripts/make_font.py NotoSansSC-Regular.ttf NotoSans-Regular.ttf

It holds what the words of figures use in both languages, letters and signs of formulas, and common Chinese characters, for
names that come from a study. What the first font lacks, such as raised digits, is taken from the second. Both are free under
the Open Font License (https://fonts.google.com/noto); run this when a test says that a character is missing.
"""

import json
import sys

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from initbench.base.catalogue import words_behind
from initbench.figures.typeface import FAMILY, FONT

SIGNS = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿŁłŠšŽžěřč°±²³µ·¹×÷§ §‰†‡…–—‘’“”„«»•\u202f\u00a0"
    + "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρςστυφχψω"
    + "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ₀₁₂₃₄₅₆₇₈₉₊₋ₗₖₙ′″−∂∇√∞∑∏∝∈≈≠≤≥‖→←↑↓↔ℓ＋，。、；：？！（）《》「」％～"
)
COMMON = (
    "侧包升团张弦往径括旁暂横示竖纵距阈阶靠颜丢刀噪固型存害幂序征律循截找捷摘易映普架根框模止沌流涉混源溢演熵献签简组绕群致舍荐讲谈贡跑遍遵邻降除"
    "静告描索视叉奈您沿状猜画载的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种"
    "事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日者意无力它与长把机十第公此已工使情明性知全三又关点正外"
    "将两高间由问很最重并物手应向头文体相见被利什二等产或新己制身果加西月话合回特代内信表化老给世位次度任常先通教原东声提立及比员解水名真论处走各"
    "入几口认条平系气题活更别打变四总何电数安少报才结反受目太量再感建务做接必场件计管期市直资命山金指许统区保至形便空决治展科五基书非则听白界达光"
    "放强即像难且权思象完设式色路记品住类求据程北边该交规万取格望术共确传师观清今切识候带导争运六七八九百千百亿左右远近快慢增减宽深窄浅层元函归率"
    "偏差均值方误验证训练测试随机梯度消失爆炸停滞发散激活损失优化神经网络初始化批样本集参数矩阵奇异卷积残留曲线图例置区间显著检宽窄层单元副本倍率"
    "略胜负败差劣优良半双单独共享互异同似仿拟估计推测预判断若则且虽尽管然而因故仍未曾将须必需宜应该能够足够超越低于高介乎附近约略恰刚好几乎完部份"
    "整各自每逐叠折缩胀扩散敛稳振荡颤跳跃平坦陡峭斜坡峰谷底顶端首尾末始终停留滞塞堵通畅返传递播送收接绝称破缺损坏亡短粗细轻冷热明暗灰红橙黄绿青蓝"
    "紫棕虚圈圆菱三角号标注释坐轴刻度网格背景透屏幕印页码章节段句"
)


LATIN = "·"  # drawn as wide as a Chinese character otherwise
SHORT = 14  # characters of a text that may be a name in a figure
LARGEST = 195_000  # bytes of the font


def characters() -> set[str]:
    """All that the font must have: the words of figures, short names of replications, which their figures may show, and signs."""
    return (
        set(SIGNS) | set(str(json.loads(words_behind("figures")))) | set("".join(short(words_behind("replications"))))
    )


def short(words: str) -> list[str]:
    """The texts of at most SHORT characters, at any depth."""
    found, left = [], [json.loads(words)]
    while left:
        value = left.pop()
        left += value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
        found += [value] if isinstance(value, str) and len(value) <= SHORT else []
    return found


def subset(path: str, wanted: set[str]) -> TTFont:
    """A font with those of the characters that it has, without hints and layout tables."""
    font, options = (
        TTFont(path, recalcTimestamp=False),
        Options(hinting=False, layout_features=[], name_IDs=[0, 13, 14]),
    )
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "vhea", "vmtx", "VORG", "BASE", "DSIG", "STAT", "gasp", "MVAR"]
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(sorted(wanted)))
    subsetter.subset(font)
    return font


def add(font: TTFont, other: TTFont) -> None:
    """Draw into a font the characters that only the other has."""
    glyphs, scale = other.getGlyphSet(), font["head"].unitsPerEm / other["head"].unitsPerEm
    for code, name in sorted(other.getBestCmap().items()):
        if code in font.getBestCmap():
            continue
        record, pen, own = DecomposingRecordingPen(glyphs), TTGlyphPen(None), f"uni{code:04X}"
        glyphs[name].draw(record)
        record.replay(pen)
        font.setGlyphOrder([*font.getGlyphOrder(), own])
        font["glyf"][own] = pen.glyph()
        font["hmtx"][own] = (round(other["hmtx"][name][0] * scale), round(other["hmtx"][name][1] * scale))
        for table in font["cmap"].tables:
            if table.isUnicode():
                table.cmap[code] = own


def main(chinese: str, latin: str) -> None:
    for count in range(len(COMMON), -1, -20):  # as many of the common ones as there is room for
        wanted = characters() | set(COMMON[:count])
        font = made(chinese, latin, wanted)
        if FONT.stat().st_size <= LARGEST:
            break
    missing = sorted(sign for sign in wanted if ord(sign) not in font.getBestCmap())
    print(
        f"{FONT.name}: {len(font.getBestCmap())} characters, {FONT.stat().st_size:,} bytes; in neither font: {missing}"
    )


def made(chinese: str, latin: str, wanted: set[str]) -> TTFont:
    """The font with these characters, written to its file."""
    font = subset(chinese, wanted - set(LATIN))
    add(font, subset(latin, {sign for sign in wanted if ord(sign) not in font.getBestCmap()}))
    for name, text in ((1, FAMILY), (2, "Regular"), (4, FAMILY), (6, FAMILY.replace(" ", ""))):
        font["name"].setName(text, name, 3, 1, 0x409)
    font.save(FONT)
    return font


if __name__ == "__main__":
    main(*sys.argv[1:])
