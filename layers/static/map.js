// Fills the empty layers of the map; every text goes in as text.
"use strict";
{
  const { say, label, figure, whole, percent, make, drawing, symbol, vocabulary, lang, targetName, settings } =
    window.kepu;
  const OUTLINE = "#4a4a4a";
  const byCode = new Map();
  let shell, cluster, current, onTownship;

  const classOf = (value, target) => {
    if (value == null) return null;
    return vocabulary.classes.findIndex(
      (item) => value >= item.low * target && (item.high == null || value < item.high * target),
    );
  };

  const rows = (pairs) => {
    const body = make("tbody");
    for (const [name, value] of pairs) {
      if (value == null || value === "") continue;
      const head = make("th", name);
      head.scope = "row";
      body.append(make("tr", head, make("td", value)));
    }
    return make("table.facts", body);
  };

  const area = (value) => (value == null ? say("unknown") : `${figure(value, 1)} m²`);
  const bounded = (row, text) => (row.is_lower_bound ? `${say("at_least")} ${text}` : text);

  const townshipFacts = (row) => {
    const study = current.study;
    const people = `${whole(row.population)} ${say("people")}（${study.denominator[lang]}，${label("quality", row.population_quality)}）`;
    return make(
      "div.tip",
      make("strong", row.name_zh),
      rows([
        [say("population"), people],
        [say("counted"), bounded(row, area(row.counted_area_m2))],
        [say("headline"), row.area_per_10k_m2 == null ? say("no_data") : bounded(row, area(row.area_per_10k_m2))],
        [say("col_gap"), row.is_lower_bound && row.area_gap_m2 ? `${say("at_most")} ${area(row.area_gap_m2)}` : area(row.area_gap_m2)],
        [say("facilities"), row.facility_count],
        [say("unknown_areas"), row.unknown_area_count || null],
        [say("caliber"), `${label("caliber", study.caliber)} · ${label("scope", study.scope)}`],
      ]),
    );
  };

  const style = (row) => {
    const target = current.study.district.target_area_per_10k_m2;
    const found = classOf(row.area_per_10k_m2, target);
    const met = row.area_per_10k_m2 != null && row.area_per_10k_m2 >= target;
    return {
      color: OUTLINE,
      weight: met ? 2.4 : 1,
      fillColor: found == null ? "url(#no-data-hatch)" : vocabulary.classes[found].colour,
      fillOpacity: 0.9,
    };
  };

  const drawNeighbours = () => {
    const layer = shell.layers.neighbours.clearLayers();
    for (const feature of current.districts) {
      const own = feature.properties.role === "district";
      L.geoJSON(feature, {
        interactive: !own,
        style: {
          color: own ? "#1f2d3a" : "#8d969e",
          weight: own ? 3 : 1,
          fillColor: own ? "#ffffff" : "#eceff1",
          fillOpacity: own ? 0 : 1,
          dashArray: own ? null : "4 3",
        },
      })
        .bindTooltip(make("span", feature.properties.name_zh), { sticky: true })
        .addTo(layer);
    }
  };

  const drawTownships = () => {
    const layer = shell.layers.townships.clearLayers();
    byCode.clear();
    const figures = new Map(current.study.townships.map((row) => [row.township_code, row]));
    for (const feature of current.townships) {
      const row = figures.get(feature.id);
      if (!row) continue;
      const shape = L.geoJSON(feature, { style: style(row) });
      shape.bindTooltip(() => townshipFacts(row), { sticky: true, className: "facts-tip", opacity: 1 });
      shape.on("click", () => onTownship(feature.id));
      shape.on("mouseover", () => shape.setStyle({ weight: 3.5 }));
      shape.on("mouseout", () => shape.setStyle({ weight: style(row).weight }));
      shape.addTo(layer);
      byCode.set(feature.id, { shape, row });
    }
  };

  // Names where they fit: largest township first, none over another.
  const drawLabels = () => {
    const layer = shell.layers.labels.clearLayers();
    const map = shell.map;
    const taken = [];
    const ordered = [...byCode.values()].sort((a, b) => span(b.shape) - span(a.shape));
    for (const { shape, row } of ordered) {
      const bounds = shape.getBounds();
      const corner = map.latLngToLayerPoint(bounds.getNorthWest());
      const other = map.latLngToLayerPoint(bounds.getSouthEast());
      const name = row.name_zh;
      const width = Math.max([...name].length * 13.5, 52) + 8;
      const height = 34;
      if (other.x - corner.x < width * 0.8 || other.y - corner.y < height * 0.8) continue;
      const middle = map.latLngToLayerPoint(inside(shape));
      const box = [middle.x - width / 2, middle.y - height / 2, middle.x + width / 2, middle.y + height / 2];
      const clash = taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1]);
      if (clash) continue;
      taken.push(box);
      const value = row.area_per_10k_m2 == null ? "—" : `${row.is_lower_bound ? "≥" : ""}${figure(row.area_per_10k_m2, 0)}`;
      const text = make("span.place", make("b", name), make("i", value));
      L.marker(map.layerPointToLatLng(middle), {
        icon: L.divIcon({ className: "place-label", html: text, iconSize: [width, height] }),
        interactive: false,
        keyboard: false,
        zIndexOffset: 5000,
      }).addTo(layer);
    }
  };

  const span = (shape) => {
    const bounds = shape.getBounds();
    return (bounds.getEast() - bounds.getWest()) * (bounds.getNorth() - bounds.getSouth());
  };

  // The middle of the widest stretch of the polygon along its middle line, so that
  // the name stands inside it.
  const inside = (shape) => {
    const bounds = shape.getBounds();
    const lat = (bounds.getNorth() + bounds.getSouth()) / 2;
    const crossings = [];
    shape.eachLayer((part) => {
      for (const polygon of part.getLatLngs()) {
        const ring = Array.isArray(polygon[0]) ? polygon[0] : polygon;
        ring.forEach((a, index) => {
          const b = ring[(index + 1) % ring.length];
          if (a.lat > lat !== b.lat > lat) {
            crossings.push(a.lng + ((lat - a.lat) / (b.lat - a.lat)) * (b.lng - a.lng));
          }
        });
      }
    });
    crossings.sort((a, b) => a - b);
    let best = [bounds.getWest(), bounds.getEast()];
    let width = -1;
    for (let index = 0; index + 1 < crossings.length; index += 2) {
      if (crossings[index + 1] - crossings[index] > width) {
        width = crossings[index + 1] - crossings[index];
        best = [crossings[index], crossings[index + 1]];
      }
    }
    return L.latLng(lat, (best[0] + best[1]) / 2);
  };

  const drawGaps = (target) => {
    const layer = shell.layers.gaps.clearLayers();
    const figures = new Map(current.study.gaps.map((row) => [row.gap_id, row]));
    for (const feature of current.gaps) {
      const row = figures.get(feature.id);
      if (!row || row.target_id !== target) continue;
      L.geoJSON(feature, {
        style: { color: "#000000", weight: 1.2, dashArray: "3 3", fillColor: "url(#gap-hatch)", fillOpacity: 1 },
      })
        .bindTooltip(() => gapFacts(row), { sticky: true, className: "facts-tip", opacity: 1 })
        .addTo(layer);
    }
  };

  const gapFacts = (row) =>
    make(
      "div.tip",
      make("strong", `${say("gap")} · ${targetName(row.group, row.kind)}`),
      rows([
        [say("township"), row.township_name],
        [say("population"), `${whole(row.population)} ${say("people")}（${percent(row.population_share)}）`],
        [lang === "zh" ? "最近设施" : "Nearest", row.nearest_facility_name],
        [lang === "zh" ? "直线距离" : "Distance", row.nearest_distance_m == null ? null : `${figure(row.nearest_distance_m / 1000, 1)} km`],
      ]),
      make("small", say("coverage_note")),
    );

  const facilityFacts = (item) => {
    const p = item.properties;
    const counted =
      p.count_reason === "counted" ? area(p.counted_area_m2) : label("reason", p.count_reason);
    const mark = p.demonstration ? say("is_demonstration") : "";
    return make(
      "div.tip",
      make("strong", p.name),
      rows([
        [say("kind"), label("kind", p.kind)],
        [say("level"), p.level && p.level !== "none" ? label("level", p.level) : null],
        [say("status"), label("status", p.status)],
        [say("township"), p.township_name || label("agreement", p.agreement)],
        [say("exhibition_area"), area(p.exhibition_area_m2)],
        [say("floor_area"), p.floor_area_m2 == null ? null : area(p.floor_area_m2)],
        [`${say("counting")} ${current.study.caliber}`, counted],
        [say("opened_on"), p.opened_on],
        [say("closed_on"), p.closed_on],
        [say("designations"), (p.designations || []).join(lang === "zh" ? "、" : ", ")],
        [say("address"), p.address],
        [say("department"), p.department],
        [say("verification"), label("verification", p.verification)],
        [say("note"), p.note],
        [say("data_mark"), mark],
      ]),
    );
  };

  const marker = (item) => {
    const [x, y] = item.geometry.coordinates;
    const p = item.properties;
    const icon = L.divIcon({
      className: `facility${p.open_on_date ? "" : " closed"}`,
      html: symbol(p.group),
      iconSize: [20, 20],
    });
    const name = `${p.name}，${label("kind", p.kind)}`;
    const found = L.marker([y, x], { icon, keyboard: true, riseOnHover: true });
    found.on("add", () => {
      const element = found.getElement();
      if (element) element.setAttribute("aria-label", name);
    });
    found.bindPopup(() => facilityFacts(item), { maxWidth: 320, className: "facts-popup" });
    found.bindTooltip(() => make("span", p.name), { direction: "top", offset: [0, -8] });
    return found;
  };

  const clusterIcon = (group) => {
    const count = group.getChildCount();
    const circle = make("span", count);
    return L.divIcon({ className: "cluster", html: circle, iconSize: [24, 24] });
  };

  const drawFacilities = (group) => {
    cluster.clearLayers();
    const markers = current.facilities
      .filter((item) => item.geometry && shell.map.hasLayer(shell.layers[`group_${item.properties.group}`]))
      .filter((item) => !group || item.properties.group === group)
      .map(marker);
    cluster.addLayers(markers);
  };

  const FULL = "M3 8V3H8M12 3H17V8M17 12V17H12M8 17H3V12";
  const HOME = "M3 10 10 3.5 17 10M5 8.5V16.5H15V8.5";

  const button = (path, title, action) => {
    const Control = L.Control.extend({
      options: { position: "topleft" },
      onAdd: () => {
        const icon = drawing("svg", { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true" });
        icon.append(drawing("path", { d: path, fill: "none", stroke: "currentColor", "stroke-width": 2 }));
        const link = make("button.map-button", icon);
        link.type = "button";
        link.title = title;
        link.setAttribute("aria-label", title);
        L.DomEvent.disableClickPropagation(link);
        link.addEventListener("click", action);
        return make("div.leaflet-bar", link);
      },
    });
    new Control().addTo(shell.map);
  };

  const nameControls = () => {
    for (const [shape, word] of [["in", "zoom_in"], ["out", "zoom_out"]]) {
      const link = document.querySelector(`.leaflet-control-zoom-${shape}`);
      link.title = say(word);
      link.setAttribute("aria-label", say(word));
    }
    const toggle = document.querySelector(".leaflet-control-layers-toggle");
    toggle.title = say("layers");
    toggle.setAttribute("aria-label", say("layers"));
    shell.control._layerControlInputs.forEach((input, index) => {
      input.setAttribute("aria-label", shell.control._layers[index].name);
    });
  };

  const setUp = (choices) => {
    shell = window.kepuShell;
    onTownship = choices.onTownship;
    const region = document.getElementById("map-region");
    shell.map.attributionControl.setPrefix(false);
    L.control.scale({ imperial: false }).addTo(shell.map);
    cluster = L.markerClusterGroup({
      maxClusterRadius: 42,
      disableClusteringAtZoom: 15,
      showCoverageOnHover: false,
      iconCreateFunction: clusterIcon,
    }).addTo(shell.map);
    button(FULL, say("fullscreen"), () =>
      document.fullscreenElement ? document.exitFullscreen() : region.requestFullscreen(),
    );
    button(HOME, say("whole_district"), fit);
    const base = settings.basemap;
    if (base) {
      const escaped = make("span", base.attribution).innerHTML;
      L.tileLayer(base.url, {
        attribution: escaped,
        minZoom: base.min_zoom,
        maxNativeZoom: base.max_zoom,
      }).addTo(shell.map);
    }
    nameControls();
    shell.map.on("zoomend", drawLabels);
    shell.map.on("overlayadd overlayremove", (event) => {
      if (!event.layer || event.layer === cluster) return;
      if (Object.entries(shell.layers).some(([name, layer]) => name.startsWith("group_") && layer === event.layer)) {
        drawFacilities(current.view.group);
      }
    });
    new ResizeObserver(() => shell.map.invalidateSize()).observe(region);
  };

  const fit = () => {
    const bounds = L.featureGroup([...byCode.values()].map((item) => item.shape)).getBounds();
    if (!bounds.isValid()) return;
    // Leave free what the title block and the legend lie on.
    const over = (id) => {
      const place = document.getElementById(id);
      return getComputedStyle(place).position === "absolute" ? place : { offsetWidth: 0, offsetHeight: 0 };
    };
    shell.map.fitBounds(bounds, {
      paddingTopLeft: [16, over("title-block").offsetHeight + 18],
      paddingBottomRight: [over("legend").offsetWidth + 20, 16],
      animate: false,
    });
  };

  const draw = (data, view, first) => {
    current = { ...data, view };
    drawNeighbours();
    drawTownships();
    if (first) fit();
    drawGaps(view.gap);
    drawFacilities(view.group);
    drawLabels();
  };

  const locate = (code) => {
    const found = byCode.get(code);
    if (!found) return;
    shell.map.fitBounds(found.shape.getBounds(), { padding: [40, 40], maxZoom: 15 });
    found.shape.setStyle({ weight: 5 });
    setTimeout(() => found.shape.setStyle({ weight: style(found.row).weight }), 2500);
  };

  window.kepu.map = { setUp, draw, locate, classOf };
}
