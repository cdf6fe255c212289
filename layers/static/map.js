// Fills the empty layers of the map; every text goes in as text.
"use strict";
{
  const { say, label, figure, whole, percent, bracket, make, drawing, symbol, lang, targetName, settings, measure, source, room } =
    window.kepu;
  const OUTLINE = "#4a4a4a";
  const byCode = new Map();
  const neighbours = [];
  let shell, cluster, reach, cells, current, onTownship;

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
    const people = `${whole(row.population)} ${say("people")}${bracket(`${study.denominator[lang]} · ${label("quality", row.population_quality)}`)}`;
    return make(
      "div.tip",
      make("strong", row.name_zh),
      rows([
        [say("population"), people],
        [say("counted"), bounded(row, area(row.counted_area_m2))],
        [say("headline"), row.area_per_10k_m2 == null ? say("no_data") : bounded(row, area(row.area_per_10k_m2))],
        [say("measure_accessible_area_per_10k_m2"), row.accessible_area_per_10k_m2 == null ? say("no_data") : `${row.accessible_is_lower_bound ? `${say("at_least")} ` : ""}${area(row.accessible_area_per_10k_m2)}`],
        [say("col_gap"), row.is_lower_bound && row.area_gap_m2 ? `${say("at_most")} ${area(row.area_gap_m2)}` : area(row.area_gap_m2)],
        [say("facilities"), row.facility_count],
        [say("unknown_areas"), row.unknown_area_count || null],
        [say("caliber"), `${label("caliber", study.caliber)} · ${label("scope", study.scope)}`],
      ]),
    );
  };

  const style = (row) => {
    const found = measure.classOf(current.measure, row);
    return {
      color: OUTLINE,
      weight: found && found.met ? 2.4 : 1,
      fillColor: found ? found.colour : "url(#no-data-hatch)",
      fillOpacity: current.view.measure === "surface" ? 0 : 0.9,
    };
  };

  const drawNeighbours = () => {
    const layer = shell.layers.neighbours.clearLayers();
    neighbours.length = 0;
    for (const feature of current.districts) {
      const own = feature.properties.role === "district";
      const shape = L.geoJSON(feature, {
        pane: own ? "townships" : "neighbours",
        interactive: !own,
        style: {
          color: own ? "#1f2d3a" : "#8d969e",
          weight: own ? 3 : 1,
          fillColor: own ? "#ffffff" : "#eceff1",
          fillOpacity: own ? 0 : 1,
          dashArray: own ? null : "4 3",
        },
      })
        .bindTooltip(room.card(make("span", feature.properties.name_zh)))
        .addTo(layer);
      if (!own) neighbours.push({ shape, name: feature.properties.name_zh, neighbour: true });
    }
  };

  const drawTownships = () => {
    const layer = shell.layers.townships.clearLayers();
    byCode.clear();
    const figures = new Map(current.study.townships.map((row) => [row.township_code, row]));
    for (const feature of current.townships) {
      const row = figures.get(feature.id);
      if (!row) continue;
      const shape = L.geoJSON(feature, { pane: "townships", style: style(row) });
      shape.bindTooltip(room.card(() => townshipFacts(row)));
      shape.on("click", () => onTownship(feature.id));
      shape.on("mouseover", () => shape.setStyle({ weight: 3.5 }));
      shape.on("mouseout", () => shape.setStyle({ weight: style(row).weight }));
      shape.addTo(layer);
      byCode.set(feature.id, { shape, row });
    }
  };

  // The land of each demand point, on one canvas, below the townships' outlines.
  const drawCells = async () => {
    cells.clearLayers();
    if (current.view.measure !== "surface" || source.isFile) return;
    const asked = current;
    const found = await source.surface(current.study, lang);
    if (asked !== current) return;
    const renderer = L.canvas({ pane: "cells" });
    // A little more than half a cell, so that no seam shows between neighbours.
    const half = (found.cell_m * 0.52) / 111_320;
    found.longitude.forEach((x, index) => {
      const row = { accessible_area_per_10k_m2: found.accessible_area_per_10k_m2[index] };
      const item = measure.classOf(current.measure, row);
      if (!item) return;
      const look = { renderer, interactive: false, stroke: false, fillColor: item.colour, fillOpacity: 0.95 };
      const land = found.land[index];
      if (land) {
        // A village's land; an outline of its colour leaves no seam between neighbours.
        const rings = land.map((part) => part.map((ring) => ring.map(([east, north]) => [north, east])));
        L.polygon(rings, { ...look, stroke: true, weight: 1, color: item.colour }).addTo(cells);
        return;
      }
      const y = found.latitude[index];
      const wide = half / Math.cos((y * Math.PI) / 180);
      L.rectangle([[y - half, x - wide], [y + half, x + wide]], look).addTo(cells);
    });
  };

  const drawLabels = () => {
    if (!current) return;
    const items = [...byCode.values()].map(({ shape, row }) => ({ shape, row, name: row.name_zh, value: current.measure.text(row) }));
    const marks = new Set(cluster.getLayers().map((mark) => cluster.getVisibleParent(mark)));
    marks.delete(null);
    window.kepu.labels.draw(shell.map, shell.layers.labels, [...items, ...neighbours], [...marks, ...window.kepu.sitesMap.marks()]);
  };

  // Where none of an audience is left out there is no gap of theirs; unknown is not none.
  const drawGaps = ({ gap: target, audience }) => {
    const layer = shell.layers.gaps.clearLayers();
    const figures = new Map(current.study.gaps.map((row) => [row.gap_id, row]));
    for (const feature of current.gaps) {
      const row = figures.get(feature.id);
      if (!row || row.target_id !== target) continue;
      if (audience && row.audiences[audience] === 0) continue;
      L.geoJSON(feature, {
        pane: "gaps",
        style: { color: "#000000", weight: 1.2, dashArray: "3 3", fillColor: "url(#gap-hatch)", fillOpacity: 1 },
      })
        .bindTooltip(room.card(() => gapTip(row)))
        .on("click", () => onTownship(row.township_code))
        .addTo(layer);
    }
  };

  // A gap lies over its township, so that what it hides is told with it.
  const gapTip = (row) => {
    const below = byCode.get(row.township_code);
    return make("div", below && townshipFacts(below.row), gapFacts(row));
  };

  const gapFacts = (row) =>
    make(
      "div.tip",
      make("strong", `${say("gap")} · ${targetName(row.group, row.kind)}`),
      rows([
        [say("township"), row.township_name],
        [say("population"), `${whole(row.population)} ${say("people")}${bracket(percent(row.population_share))}`],
        ...Object.entries(row.audiences).map(([name, count]) => [label("audience", name), count == null ? null : whole(count)]),
        [lang === "zh" ? "最近设施" : "Nearest", row.nearest_facility_name],
        [say("minutes_short"), row.nearest_travel_minutes == null ? null : figure(row.nearest_travel_minutes, 0)],
        [say("straight_line"), row.nearest_distance_m == null ? null : `${figure(row.nearest_distance_m / 1000, 1)} km`],
      ]),
      make("small", say("coverage_note", { surface: current.study.surface[lang], travel: current.study.travel[lang] })),
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

  // Asked of the server, since it follows the roads; a file alone has no server to ask.
  const drawReach = async (item, form, told) => {
    const { mode, minutes } = form.elements;
    if (!minutes.validity.valid) return;
    told.textContent = say("loading");
    try {
      const found = await source.serviceArea(current.study, item.id, mode.value, minutes.value, lang);
      const [feature] = found.features;
      const p = feature.properties;
      const text = say("reach_told", { name: p.name, mode: label("mode", p.mode), minutes: figure(p.minutes, 0), count: whole(p.population), travel: current.study.travel[lang] });
      reach.clearLayers();
      L.geoJSON(feature, { pane: "reach", interactive: false, style: { color: "#005a9c", weight: 2.5, fillColor: "#2a7ab9", fillOpacity: 0.22 } }).addTo(reach);
      told.textContent = text;
      told.scrollIntoView({ block: "nearest" });
    } catch (error) {
      told.textContent = `${say("failed")}: ${error.message}`;
    }
  };

  const reachForm = (item) => {
    if (source.isFile || !item.geometry) return null;
    const mode = make("select", ...["foot", "e_bicycle", "car"].map((name) => {
      const option = make("option", label("mode", name));
      option.value = name;
      return option;
    }));
    mode.name = "mode";
    mode.setAttribute("aria-label", say("mode"));
    const minutes = make("input");
    Object.assign(minutes, { type: "number", name: "minutes", min: 1, max: 120, step: 0.5, value: 15, required: true });
    minutes.setAttribute("aria-label", say("minutes_short"));
    const told = make("p");
    told.setAttribute("role", "status");
    const show = make("button", say("reach_show"));
    const clear = make("button", say("reach_clear"));
    clear.type = "button";
    const form = make("form.reach", mode, minutes, make("span", say("minutes_word")), show, clear, told);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      drawReach(item, form, told);
    });
    clear.addEventListener("click", () => {
      reach.clearLayers();
      told.textContent = "";
    });
    return form;
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
    found.bindPopup(room.popup(() => make("div", facilityFacts(item), reachForm(item)), { maxWidth: 320 }));
    found.bindTooltip(() => make("span", p.name), { direction: "top", offset: [0, -8] });
    return found;
  };

  const clusterIcon = (group) => {
    const count = group.getChildCount();
    const circle = make("span", count);
    circle.setAttribute("aria-label", say("cluster", { count }));
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
    // Gaps lie over townships and these over neighbours, whichever was shown last.
    for (const [name, z] of [["neighbours", 390], ["cells", 395], ["townships", 400], ["gaps", 410], ["reach", 420], ["leaders", 440]]) {
      shell.map.createPane(name).style.zIndex = z;
    }
    cells = L.layerGroup().addTo(shell.map);
    reach = L.layerGroup().addTo(shell.map);
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
    shell.map.on("moveend resize", drawLabels);
    // Signs move while clusters open; names give way to where they come to rest.
    cluster.on("animationend", drawLabels);
    shell.map.on("popupopen", ({ popup }) => {
      popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", say("close"));
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") shell.map.closePopup();
    });
    window.addEventListener("beforeprint", toPaper);
    window.addEventListener("afterprint", fromPaper);
    shell.map.on("overlayadd overlayremove", (event) => {
      if (!current || !event.layer || event.layer === cluster) return;
      if (Object.entries(shell.layers).some(([name, layer]) => name.startsWith("group_") && layer === event.layer)) {
        drawFacilities(current.view.group);
      }
    });
    new ResizeObserver(() => shell.map.invalidateSize()).observe(region);
  };

  // Paper is wider and lower than the window: the same map, fitted to it.
  let onScreen = null;
  const toPaper = () => {
    onScreen = { centre: shell.map.getCenter(), zoom: shell.map.getZoom() };
    const shown = shell.map.getBounds();
    document.documentElement.classList.add("printing");
    shell.map.invalidateSize({ animate: false });
    const whole = L.featureGroup([...byCode.values()].map((item) => item.shape)).getBounds();
    if (whole.isValid() && shown.contains(whole)) fit();
    else shell.map.fitBounds(shown, { animate: false });
  };
  const fromPaper = () => {
    document.documentElement.classList.remove("printing");
    shell.map.invalidateSize({ animate: false });
    if (onScreen) shell.map.setView(onScreen.centre, onScreen.zoom, { animate: false });
  };

  const fit = () => {
    const bounds = L.featureGroup([...byCode.values()].map((item) => item.shape)).getBounds();
    if (!bounds.isValid()) return;
    room.fit(shell.map, bounds);
  };

  const draw = (data, view, first) => {
    reach.clearLayers();
    current = { ...data, view, measure: measure.measureOf(data.study, view) };
    drawNeighbours();
    drawTownships();
    drawCells();
    if (first) fit();
    drawGaps(view);
    drawFacilities(view.group);
    drawLabels();
  };

  const locate = (code) => {
    const found = byCode.get(code);
    if (!found) return;
    // Without animation: a choice made while one runs would be lost at its end.
    shell.map.fitBounds(found.shape.getBounds(), { padding: [40, 40], maxZoom: 15, animate: false });
    found.shape.setStyle({ weight: 5 });
    setTimeout(() => found.shape.setStyle({ weight: style(found.row).weight }), 2500);
  };

  window.kepu.map = { setUp, draw, drawGaps, locate, drawLabels, rows };
}
