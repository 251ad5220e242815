"""Rich text without JavaScript, to plain marks and back."""

from __future__ import annotations

import pytest

from portal.web.entry_markup import from_markup, to_markup

PICTURE = f'<p><img src="blob:{"a" * 64}" alt="Peta"></p>'


@pytest.mark.parametrize(
    "html",
    [
        "<p>Satu <strong>tebal</strong> dan <em>miring</em></p><p>Dua<br>baris</p>",
        "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul>",
        "<ol><li>satu</li><li>dua</li></ol>",
        "<table><tr><td>A</td><td>B</td></tr><tr><td>1</td><td>2</td></tr></table>",
        PICTURE,
        '<p>Ada <span data-fig="penduduk_15_59|2025">8.720</span> orang</p>',
        '<table><tr><td>A</td><td><span data-fig="i.1.b.3|2025-TW1">87</span></td></tr></table>',
        "",
    ],
)
def test_there_and_back(html: str) -> None:
    assert from_markup(to_markup(html)) == html


def test_marks_never_become_markup_of_their_own() -> None:
    assert (
        from_markup("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    )
    assert from_markup("3 * 4 * 5 = 60") == "<p>3 * 4 * 5 = 60</p>"
    assert from_markup('![x"onerror="1](blob:zz)') == "<p>![x&quot;onerror=&quot;1](blob:zz)</p>"


def test_an_item_may_start_deeper_than_its_list() -> None:
    assert from_markup("  - a\n- b") == "<ul><li>a</li><li>b</li></ul>"
