"""The door: nothing hidden passes, nothing is lost, ordinary text passes as it is."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pyte
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import wcswidth, wcwidth

from reviewer.untrusted import (
    characters,
    lay_out,
    one_line,
    pieces,
    plain,
    show,
    show_line,
    visible,
)
from reviewer.untrusted.shown import _pieces, line_pieces
from tests.support.hostile import count, hostile
from tests.support.international import sentences
from tests.support.terminal import Screen

HIDING = "\u200b\u200c\u200d\u200e\u202e\u2066\u2069\ufeff\u00ad\ufe0f\ufe00\u034f\u3164\u1161"
CONTROLS = "\x00\x07\x1b\x7f\x85\x9b\r\t\n\u2028\u2029"
SPICE = HIDING + CONTROLS + "\u0301\ue000\ufffe\ufff9\U000e0041\U000e0100\ud800"
ORDINARY = "🇩🇪aZ09 .[]⟨⟩^◌¦éпд日か가ไทยที่क्षمی❤👍👨♂"
HOSTILE = st.text(
    st.one_of(st.sampled_from(SPICE + ORDINARY), st.characters(exclude_categories=())), max_size=40
)
IGNORABLE = set("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800") | {
    *map(chr, range(0x180B, 0x1810)),
    *map(chr, range(0xFE00, 0xFE10)),
    *map(chr, range(0xE0000, 0xE1000)),
}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "^[[31mred^[[0m"),
        ("\x1b]52;c;ZWNobw==\x07", "^[]52;c;ZWNobw==^G"),
        ("rm\x08\x08ls\x7f", "rm^H^Hls^?"),
        ("csi \x9b31m", "csi ⟨U+009B⟩31m"),
        ("a\r\nb\rc", "a^M\nb^Mc"),
        ("if admin\u202e { \u2066// only\u2069", "if admin⟨U+202E⟩ { ⟨U+2066⟩// only⟨U+2069⟩"),
        ("return None\u200b", "return None⟨U+200B⟩"),
        ("soft\u00adhyphen \ufeff", "soft⟨U+00AD⟩hyphen ⟨U+FEFF⟩"),
        ("hi\U000e0041\U000e0042", "hi⟨U+E0041⟩⟨U+E0042⟩"),
        ("b\ufe00\ufe01\U000e0100", "b⟨U+FE00⟩⟨U+FE01⟩⟨U+E0100⟩"),
        ("\ud83d alone", "⟨U+D83D⟩ alone"),
        ("\ufdd0\uffff\ue000\U0010ffff", "⟨U+FDD0⟩⟨U+FFFF⟩⟨U+E000⟩⟨U+10FFFF⟩"),
        ("a\ufff9b\ufffac\ufffb", "a⟨U+FFF9⟩b⟨U+FFFA⟩c⟨U+FFFB⟩"),
        ("one\u2028two\u2029", "one⟨U+2028⟩two⟨U+2029⟩"),
        ("\u3164\u115f\u1160\uffa0\u2800", "⟨U+3164⟩⟨U+115F⟩⟨U+1160⟩⟨U+FFA0⟩⟨U+2800⟩"),
        ("1\u00a0000\u202f€ \u2003.", "1⍽000⎵€ ⟨U+2003⟩."),
        ("\u3000段落", "␣␣段落"),
        # joiners: where a script spells with them, in emoji, and anywhere else
        ("می\u200cخواهم", "می¦خواهم"),
        ("क्\u200dष", "क्⁀ष"),
        ("👩\u200d🚀", "👩⁀🚀"),
        ("❤\ufe0f 1\ufe0f\u20e3", "❤ᵛ 1ᵛ⟨U+20E3⟩"),
        ("ad\u200cmin is\u200dAdmin x\ufe0f", "ad⟨U+200C⟩min is⟨U+200D⟩Admin x⟨U+FE0F⟩"),
        ("می\u200c\u200cخ", "می⟨U+200C⟩⟨U+200C⟩خ"),
        ("🇩🇪🇫🇷🇯 🇩", "⟨DE⟩⟨FR⟩⟨U+1F1EF⟩ ⟨U+1F1E9⟩"),
        # marks: on their base, without one, too many
        ("e\u0301 Vi\u1ec7t ที่", "e\u0301 Vi\u1ec7t ที่"),
        ("\u0301x \u0301", "◌\u0301x ◌\u0301"),
        ("a" + "\u0316" * 8, "a" + "\u0316" * 6 + "⟨U+0316⟩" * 2),
        ("\u200b\u0301", "⟨U+200B⟩◌\u0301"),
        ("\u1161\u1161가\u11a8", "⟨U+1161⟩⟨U+1161⟩가\u11a8"),
    ],
)
def test_hidden_characters_are_shown(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert plain(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain [b]text[/b] with [@click=app.quit]markup[/]",
        "naïve café — “quotes” … €",
        "Привет, мир",
        "日本語のテキスト、カタカナ",
        "안녕하세요",
        "שלום עולם",
        "مرحبا بالعالم",
        "हिन्दी में",
        "สวัสดีครับ",
        "လျှော့",
        "😀 👍",
        "a\nb\n\n",
    ],
)
def test_ordinary_text_passes_as_it_is(text: str) -> None:
    assert visible(text) == text
    assert not any(piece.flagged for piece in pieces(text))


def test_tabs_stop_by_cells_not_characters() -> None:
    assert visible("a\tb\n\tc\nabcd\te") == "a   b\n    c\nabcd    e"
    assert visible("日\tx") == "日  x"
    assert visible("\x1b\tx") == "^[  x"
    assert visible("é\tx", tab=8) == "é       x"
    assert visible("a\tb", tabs="show") == "a⇥  b"


def test_newlines_can_be_shown() -> None:
    assert visible("a\nb\r\n", newlines="show") == "a↵b^M↵"
    assert visible("é\n", newlines="show") == "é↵"


@given(HOSTILE)
@example("\u1161\u0301")
@example("\u0301\u1161")
def test_only_seen_characters_come_out(text: str) -> None:
    for shown in (visible(text), one_line(text), one_line(text, 7), visible(text, tabs="show")):
        for char in shown.replace("\n", ""):
            assert char.isprintable()
            assert char not in IGNORABLE
            assert unicodedata.category(char) not in ("Cf", "Cc", "Cn", "Co", "Cs", "Me")


@given(HOSTILE)
def test_no_mark_lacks_a_base_and_none_climbs(text: str) -> None:
    run, base = 0, ""
    for char in visible(text):
        if unicodedata.category(char) in ("Mn", "Mc"):
            run += 1
            assert base not in ("", " ", "\n", "⟩") or run > 1
            assert run <= 6
        else:
            run, base = 0, char


@given(HOSTILE)
def test_showing_twice_changes_nothing(text: str) -> None:
    assert visible(visible(text)) == visible(text)
    assert one_line(one_line(text)) == one_line(text)


@given(HOSTILE)
def test_quick_and_slow_ways_agree(text: str) -> None:
    assert visible(text) == "".join(piece.shown for piece in pieces(text))


@given(HOSTILE)
def test_a_short_line_reads_the_same_without_the_tables(text: str) -> None:
    assert line_pieces(text) == tuple(_pieces(text, "show", "show", 1))
    assert line_pieces(text, 500) == line_pieces(text)


def test_a_short_line_needs_no_tables() -> None:
    tables = (characters._kinds, characters.suspects)
    for table in tables:
        table.cache_clear()
    assert one_line("Zürich → 東京 …\u202e", 40) == "Zürich → 東京 …⟨U+202E⟩"
    assert not any(table.cache_info().currsize for table in tables)


@given(HOSTILE)
def test_pieces_cover_the_source_without_a_gap(text: str) -> None:
    at = 0
    for piece in pieces(text):
        assert piece.start == at
        at = piece.end
        assert (
            piece.flagged or piece.shown.isspace() or piece.shown == text[piece.start : piece.end]
        )
    assert at == len(text)


@given(HOSTILE, HOSTILE)
def test_different_texts_look_different_in_content(one: str, two: str) -> None:
    def look(text: str) -> tuple[str, tuple[tuple[int, int, str], ...]]:
        drawn = show(text, tabs="show")
        return drawn.plain, tuple((span.start, span.end, str(span.style)) for span in drawn.spans)

    for other in (two, visible(one), one_line(one), one.strip(HIDING)):
        assert (one == other) == (look(one) == look(other))


def test_a_name_written_out_is_told_from_a_made_visible_character() -> None:
    real, literal = show("a\u202e"), show("a⟨U+202E⟩")
    assert real.plain == literal.plain == "a⟨U+202E⟩"
    assert len(real.spans) == 1
    assert not literal.spans


def test_content_reads_no_markup() -> None:
    text = "[b]x[/b] [@click=app.bell]y[/] [/nothing]"
    assert show(text).plain == text
    assert not show(text).spans
    assert show_line("[red]\n", style="italic").plain == "[red]↵"


@given(HOSTILE)
def test_offsets_map_there_and_back(text: str) -> None:
    shown = lay_out(text)
    assert shown.text == visible(text)
    assert shown.at(len(text)) == len(shown.text)
    places = [shown.at(i) for i in range(len(text) + 1)]
    assert places == sorted(set(places))
    assert [shown.source(place) for place in places[:-1]] == list(range(len(text)))


def test_columns_are_cells_of_what_is_shown() -> None:
    shown = lay_out("日\u200b\tx")
    assert [shown.column(i) for i in range(5)] == [0, 2, 10, 12, 13]


@given(HOSTILE, st.integers(0, 30))
def test_a_line_fits_and_says_when_it_was_cut(text: str, limit: int) -> None:
    whole, cut = one_line(text), one_line(text, limit)
    assert cell_len(cut) <= limit
    assert "\n" not in cut
    if cell_len(whole) <= limit:
        assert cut == whole
    elif limit:
        assert cut.endswith("…")
        assert whole.startswith(cut[:-1])


def test_terminals_agree_with_textual_about_the_width_of_what_is_shown() -> None:
    texts = [text for _, text in sentences()] + [hostile(i) for i in range(0, count(), 53)]
    for shown in map(one_line, texts):
        assert sum(map(wcwidth, shown)) == cell_len(shown), ascii(shown)
        # Terminals differ about the spacing vowel signs of Indic scripts, which cannot be helped.
        if not any(unicodedata.category(char) == "Mc" for char in shown):
            assert wcswidth(shown) == cell_len(shown), ascii(shown)
        screen = Screen(2000, 1)
        pyte.Stream(screen).feed(shown)
        assert screen.cursor.x == min(cell_len(shown), 2000), ascii(shown)


def test_a_long_text_is_cut_without_reading_it_all() -> None:
    assert one_line("\u0301" * 1_000_000, 5) == "◌" + "\u0301" * 6 + "…"
    assert one_line("日" * 1_000_000, 5) == "日日…"


def test_the_tables_agree_with_the_single_answers() -> None:
    table = {}
    for first, last, what in characters._kinds():
        table.update(dict.fromkeys(range(first, last + 1), what))
    assert table == {number: characters.kind(chr(number)) for number in range(0x10000)}


def test_the_cli_does_not_pay_for_textual() -> None:
    program = (
        "import sys, reviewer.untrusted as u; u.plain('\\x1bé'); sys.exit('textual' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
