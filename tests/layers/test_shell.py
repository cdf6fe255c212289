import pytest
from branca.element import Figure, JavascriptLink

from geo.core.vocabulary import Group
from layers.shell import Shell, UnknownLinkError, _check_links


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_folium_draws_a_shell_with_names_of_ours(lang: str) -> None:
    shell = Shell(lang)  # type: ignore[arg-type]
    assert 'id="map_atlas"' in shell.html
    for name in ("townships", "gaps", "neighbours", "labels"):
        assert f'"{name}": feature_group_{name}' in shell.script
    for group in Group:
        assert f'"group_{group.value}"' in shell.script
    assert '"maxZoom": 18' in shell.script, "the clusters cannot do without it"
    assert "http" not in shell.html + shell.script
    assert Shell(lang).script == shell.script  # type: ignore[arg-type]


def test_a_link_that_we_do_not_ship_is_refused() -> None:
    figure = Figure()
    figure.header.add_child(JavascriptLink("https://cdn.example.com/x.js"))
    with pytest.raises(UnknownLinkError, match=r"cdn\.example\.com"):
        _check_links(figure)
