// The sites of a plan on the map: numbers, search areas as squares, a bar with the figures.
"use strict";
{
  const { say, make, drawing, lang, whole, label, vocabulary } = window.kepu;
  const METRES_PER_DEGREE = 111_320;
  const BOX = 28;
  // A square that is at least so wide on the screen has room for its words.
  const ROOM = 110;
  const INK = "#1c2733";
  const legend = make("div.siting-legend");
  const bar = make("div.siting-bar");
  let layer = null;
  let placing = null;
  let onMove = null;
  let shown = [];
  let side = null;
  let barControl = null;

  legend.hidden = true;
  bar.hidden = true;
  const map = () => window.kepuShell.map;

  // A shape and a fill for each programme, with the site's number inside.
  const sign = (programme, number, size = BOX) => {
    const { colour, path } = vocabulary.site_symbols[programme];
    const dark = colour === INK;
    const box = drawing("svg", { viewBox: `0 0 ${BOX} ${BOX}`, width: size, height: size, "aria-hidden": "true" });
    box.append(drawing("path", { d: path, fill: colour, stroke: dark ? "#ffffff" : INK, "stroke-width": 2 }));
    const text = drawing("text", { x: 14, y: 18.6, "text-anchor": "middle", "font-size": 13, "font-weight": 700, fill: dark ? "#ffffff" : INK });
    text.textContent = String(number);
    box.append(text);
    return box;
  };

  const isSquare = (item) => item.row.source === "search_area" && item.placed.candidate_id;
  const kindOf = (item) =>
    item.row.source !== "search_area" ? item.row[`source_${lang}`] : say(item.placed.candidate_id ? "search_area" : "own_point");

  const counts = (people) => {
    const found = Object.entries(people).filter(([, count]) => count >= 0.5);
    if (!found.length) return say("siting_nobody");
    return found.map(([name, count]) => `${audience(name)} ${whole(count)}`).join(lang === "zh" ? "；" : "; ");
  };

  const audience = (name) =>
    ({ residents: say("everybody"), schools: say("school") })[name] || label("audience", name);

  const byTownship = (item) => {
    const own = item.programme.audience;
    const rows = item.row.newly_by_township.filter((row) => row[own] >= 0.5);
    if (!rows.length) return null;
    return rows.map((row) => `${row.township_name} ${whole(row[own])}`).join(lang === "zh" ? "；" : "; ");
  };

  const facts = (item) =>
    make(
      "div.tip",
      make("strong", say("siting_marker", { number: item.number, place: item.row.name })),
      window.kepu.map.rows([
        [say("siting_programme"), item.row[`programme_${lang}`]],
        [say("siting_phase"), item.phase && say(`siting_phase_${item.phase}`)],
        [say("siting_source"), kindOf(item)],
        [say("township"), item.row.township_name],
        [say("siting_newly"), `${whole(item.row.newly_covered)}${window.kepu.bracket(item.programme[`audience_${lang}`])}`],
        [say("siting_alone"), whole(item.row.covered_alone)],
        [say("siting_by_audience"), counts(item.row.newly_by_audience)],
        [say("siting_by_township"), byTownship(item)],
        [say("siting_next"), item.next && item.next.text],
      ]),
    );

  const square = (item) => {
    const half = side / 2 / METRES_PER_DEGREE;
    const { latitude: y, longitude: x } = item.row;
    const wide = half / Math.cos((y * Math.PI) / 180);
    const shape = L.rectangle([[y - half, x - wide], [y + half, x + wide]], {
      pane: "sites", interactive: false, color: INK, weight: 2, dashArray: "6 5", fillColor: "#ffffff", fillOpacity: 0.3,
    });
    return shape.bindTooltip(make("span", say("search_area")), { permanent: true, direction: "bottom", offset: [0, 14], className: "area-word" });
  };

  const marker = (item) => {
    const found = L.marker([item.row.latitude, item.row.longitude], {
      icon: L.divIcon({ className: onMove ? "site-sign" : "site-sign still", html: sign(item.at, item.number), iconSize: [BOX, BOX] }),
      draggable: Boolean(onMove), keyboard: true, riseOnHover: true, zIndexOffset: 8000,
    });
    found.on("add", () => {
      const element = found.getElement();
      if (element) element.setAttribute("aria-label", say("siting_marker", { number: item.number, place: item.row.name }));
    });
    found.bindPopup(window.kepu.room.popup(() => facts(item), { maxWidth: 340 }));
    found.bindTooltip(make("span", item.row.name), { direction: "top", offset: [0, -12] });
    if (onMove) found.on("dragend", () => onMove(item.number, found.getLatLng()));
    return found;
  };

  const drawLegend = (items, programmes, squares, title) => {
    const count = (at) => items.filter((item) => item.at === at).length;
    const list = make("ul", ...programmes.map((row, at) => make("li", sign(at, "1", 18), make("span", row[lang]), make("small", String(count(at))))));
    if (squares) list.append(make("li", make("span.swatch.area"), make("span", say("siting_legend_area"))));
    legend.replaceChildren(make("h2", title), list);
  };

  const near = () => {
    if (!side) return;
    const size = map().getSize();
    const one = map().distance(map().containerPointToLatLng([0, size.y / 2]), map().containerPointToLatLng([100, size.y / 2]));
    map().getContainer().classList.toggle("sites-near", side > (one / 100) * ROOM);
  };

  const setUp = () => {
    layer = L.layerGroup().addTo(map());
    map().createPane("sites").style.zIndex = 430;
    window.kepuShell.control.addOverlay(layer, say("siting_layer"));
    barControl = new (L.Control.extend({
      options: { position: "bottomleft" },
      onAdd: () => {
        L.DomEvent.disableClickPropagation(bar);
        return bar;
      },
    }))().addTo(map());
    map().on("zoomend", near);
    map().on("layeradd layerremove", ({ layer: changed }) => {
      if (changed === layer) legend.hidden = !shown.length || !map().hasLayer(layer);
    });
  };

  // A plan that cannot be changed has no onMove. Items: number, at (of its programme), programme, placed, row and next; programmes with their words.
  const show = (items, programmes, choices) => {
    if (!layer) setUp();
    ({ onMove, grid: side } = choices);
    layer.clearLayers();
    shown = items.map((item) => ({ number: item.number, mark: marker(item) }));
    const squares = side ? items.filter(isSquare) : [];
    for (const item of squares) layer.addLayer(square(item));
    for (const { mark } of shown) layer.addLayer(mark);
    drawLegend(items, programmes, squares.length > 0, choices.title || say("siting_legend"));
    legend.hidden = !map().hasLayer(layer);
    near();
    window.kepu.map.drawLabels();
  };

  const showAll = () => {
    if (layer && map().hasLayer(layer)) window.kepu.room.showAll(map(), shown.map((item) => item.mark.getLatLng()));
  };

  const clear = () => {
    stop();
    if (layer) layer.clearLayers();
    shown = [];
    legend.hidden = true;
    bar.hidden = true;
  };

  const locate = (number) => {
    const found = shown.find((item) => item.number === number);
    if (!found) return;
    if (!map().hasLayer(layer)) map().addLayer(layer);
    document.getElementById("map-region").scrollIntoView({ block: "nearest" });
    map().setView(found.mark.getLatLng(), Math.max(map().getZoom(), 13), { animate: false });
    found.mark.openPopup();
  };

  // The next click on the map, or its middle, is told once; Escape leaves.
  const place = (onPlace, onLeave) => {
    stop();
    const region = map().getContainer();
    const given = ({ latlng }) => {
      stop();
      onPlace(latlng);
    };
    const leave = (event) => {
      if (event.key !== "Escape") return;
      stop();
      onLeave();
    };
    placing = { given, leave };
    region.classList.add("placing");
    map().closePopup();
    map().on("click", given);
    document.addEventListener("keydown", leave);
    document.getElementById("map-region").scrollIntoView({ block: "nearest" });
  };

  const stop = () => {
    if (!placing) return;
    map().off("click", placing.given);
    document.removeEventListener("keydown", placing.leave);
    map().getContainer().classList.remove("placing");
    placing = null;
  };

  const tell = (...children) => {
    bar.hidden = false;
    bar.replaceChildren(...children.filter(Boolean));
  };

  const centre = () => {
    stop();
    return map().getCenter();
  };

  window.kepu.sitesMap = {
    legend, sign, audience, kindOf, show, showAll, clear, locate, place, stop, tell, centre, marks: () => (layer && map().hasLayer(layer) ? shown.map((item) => item.mark) : []),
  };
}
