"""Makes the fonts of Chinese, Japanese, Korean and emoji in templates/letter/fonts/ anew.

    python fonts.py NotoSansCJK-Regular.ttc NotoEmoji-Regular.ttf templates/letter/fonts

Needs fonttools, which nothing else here does. The first file is in Debian's fonts-noto-cjk, the
second in npm's @expo-google-fonts/noto-emoji; both are under the SIL Open Font License.
What they hold is cut down to the characters that East Asian standards list as everyday ones;
each has the shapes of all languages, which the letter's language chooses (`locl`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

_SIMPLIFIED_CHINESE = 2  # the font in the collection whose shapes stand where no language is told
_SCRIPTS = ("hani", "kana", "hang", "latn")
_LANGUAGES = ("dflt", "JAN ", "KOR ", "ZHS ", "ZHT ")
_WESTERN = range(0x2000)  # letters that another font of ours has
_UNUSED = ("VORG", "vhea", "vmtx", "BASE", "DSIG", "GPOS")


def _standard(encoding: str, leads: range) -> Iterator[int]:
    """The characters of two bytes that an encoding has, by their first byte."""
    for lead in leads:
        for trail in range(0x40, 0xFF):
            try:
                words = bytes((lead, trail)).decode(encoding)
            except UnicodeDecodeError:
                continue
            if len(words) == 1:
                yield ord(words)


def everyday() -> set[int]:
    """GB 2312, JIS X 0208, the first level of Big5, and the syllables of KS X 1001."""
    found = {
        *_standard("gb2312", range(0xA1, 0xFF)),
        *_standard("shift_jis", range(0x81, 0xF0)),
        *_standard("big5", range(0xA1, 0xC7)),
        *_standard("euc_kr", range(0xA1, 0xC9)),
    }
    return found - set(_WESTERN)


def _cut(font: TTFont, wanted: set[int], to: Path) -> None:
    options = subset.Options()
    options.layout_features = ["locl", "ccmp", "liga"]
    options.layout_scripts = ["DFLT", *(f"{one}.{way}" for one in _SCRIPTS for way in _LANGUAGES)]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables += _UNUSED
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    font.save(to)
    print(f"{to.name}: {len(font.getBestCmap()):,} characters, {to.stat().st_size:,} bytes")


def main(cjk: str, emoji: str, folder: str) -> None:
    """Cut both fonts into a folder."""
    where = Path(folder)
    east = TTFont(cjk, fontNumber=_SIMPLIFIED_CHINESE)
    _cut(east, everyday(), where / "NotoSansCJK-Everyday.otf")
    signs = TTFont(emoji)
    _cut(signs, set(signs.getBestCmap()), where / "NotoEmoji-Regular.ttf")


if __name__ == "__main__":
    main(*sys.argv[1:])
