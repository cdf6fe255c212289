"""Folium's map as a shell: names of ours, options of ours, and no datum.

branca compiles what it has rendered once more as a template, so a facility's name
that went through it could run a command on the server. Only constants do.
"""

from __future__ import annotations

from typing import Any, Final

import folium
from branca.element import CssLink, Figure, JavascriptLink, MacroElement
from folium.template import Template

from geo.core.vocabulary import Group, label
from layers.strings import Lang, words

_MAX_ZOOM: Final = 18
_LINKS: Final = frozenset({"leaflet.js", "leaflet.css"})


class UnknownLinkError(Exception):
    """An element of the map asks for a file that we do not ship."""


class ShellMap(folium.Map):
    """Folium's map with the files that we ship in the place of addresses elsewhere."""

    default_js = [("leaflet", "leaflet.js")]  # noqa: RUF012  (Folium's own shape)
    default_css = [("leaflet_css", "leaflet.css")]  # noqa: RUF012


class Handles(MacroElement):
    """Hands the map and its layers to our script, by name."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
            window.kepuShell = {
                map: {{ this._parent.get_name() }},
                control: {{ this.control }},
                layers: {
                    {%- for name, layer in this.layers.items() %}
                    {{ name|tojson }}: {{ layer }},
                    {%- endfor %}
                },
            };
        {% endmacro %}
        """
    )

    def __init__(self, layers: dict[str, str], control: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca's is half typed
        self._name = "Handles"
        self.layers = layers
        self.control = control


class Shell:
    """The map's element and script, as Folium writes them.

    Attributes
    ----------
    html : str
        The element that holds the map.
    script : str
        What makes the map, its empty layers and its layer control.
    """

    def __init__(self, lang: Lang) -> None:
        figure = Figure()
        shell = _map()
        figure.add_child(shell)
        layers = {name: _layer(name, title, shell) for name, title in _titles(lang).items()}
        control = folium.LayerControl(position="topright", collapsed=True)
        control._id = "atlas"
        shell.add_child(control)
        shell.add_child(Handles(layers, control.get_name()))
        figure.render()
        _check_links(figure)
        self.html: str = figure.html.render()
        self.script: str = figure.script.render()


def _map() -> ShellMap:
    options: dict[str, Any] = {"zoom_snap": 0.25, "attribution_control": True}
    # Without tiles Folium drops max_zoom, and the clusters cannot do without it.
    shell = ShellMap(
        location=(35.0, 105.0),
        zoom_start=4,
        tiles=None,
        max_zoom=_MAX_ZOOM,
        min_zoom=4,
        control_scale=False,
        zoom_control=True,
        **options,
    )
    shell.options["max_zoom"] = _MAX_ZOOM
    shell._id = "atlas"
    return shell


def _titles(lang: Lang) -> dict[str, str]:
    text = words(lang)
    titles = {
        "neighbours": text["neighbours"],
        "townships": text["townships_layer"],
        "gaps": text["gap"],
        "labels": text["labels_layer"],
    }
    return titles | {f"group_{group.value}": label(group, lang) for group in Group}


def _layer(name: str, title: str, shell: ShellMap) -> str:
    layer = folium.FeatureGroup(name=title, overlay=True, control=True, show=True)
    layer._id = name
    shell.add_child(layer)
    found: str = layer.get_name()
    return found


def _check_links(figure: Figure) -> None:
    for child in figure.header._children.values():
        if isinstance(child, JavascriptLink | CssLink) and child.url not in _LINKS:
            raise UnknownLinkError(child.url)
