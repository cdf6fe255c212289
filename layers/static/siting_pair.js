// Two kept plans on two maps that move together.
"use strict";
{
  const { say, make, lang, sitesMap, source, sitingResult } = window.kepu;
  const SIGN = 22;
  const LAND = { color: "#4a4f55", weight: 1.2, fillColor: "#ece9e2", fillOpacity: 1, interactive: false };
  let chosen = [0, 1];
  let towns = null;
  let maps = [];
  let isSchematic = true;

  const setUp = (study) => {
    towns = source.townships(study, lang);
    isSchematic = study.map.schematic;
    for (const one of maps) one.remove();
    maps = [];
  };

  const mark = (place, number) => {
    const found = L.marker([place.latitude, place.longitude], {
      icon: L.divIcon({ className: "site-sign still", html: sitesMap.sign(place.at, number, SIGN), iconSize: [SIGN, SIGN] }),
      keyboard: false,
      alt: "",
    });
    return found.bindTooltip(make("span", say("siting_marker", { number, place: place.name })), { direction: "top" });
  };

  const drawn = (box, plan, features) => {
    const found = L.map(box, { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25, fadeAnimation: false });
    const land = L.geoJSON(features, { style: LAND }).addTo(found);
    plan.places.forEach((place, at) => mark(place, at + 1).addTo(found));
    found.fitBounds(land.getBounds(), { padding: [8, 8], animate: false });
    return found;
  };

  // What one shows, the other shows.
  const link = (one, other) => {
    let isFollowing = false;
    const follow = (from, to) => () => {
      if (isFollowing) return;
      isFollowing = true;
      to.setView(from.getCenter(), from.getZoom(), { animate: false });
      isFollowing = false;
    };
    one.on("move", follow(one, other));
    other.on("move", follow(other, one));
  };

  const choice = (plans, at, redraw) => {
    const select = make("select", ...plans.map((plan, number) => {
      const option = make("option", plan.name);
      option.value = String(number);
      return option;
    }));
    select.value = String(chosen[at]);
    select.name = `pair_${at}`;
    select.setAttribute("aria-label", say(at ? "siting_pair_right" : "siting_pair_left"));
    select.addEventListener("change", () => {
      chosen[at] = Number(select.value);
      redraw();
    });
    return select;
  };

  const side = (plan, head) => {
    const box = make("div.pair-map");
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", say("siting_pair_map", { name: plan.name, count: plan.places.length }));
    return { box, whole: make("div.pair-side", make("p", head, " ", make("b", sitingResult.valueText(plan.result))), box) };
  };

  // Into a place of the page; maps need their size, so they are drawn once it stands there.
  const draw = async (into, plans) => {
    for (const one of maps) one.remove();
    maps = [];
    into.replaceChildren();
    if (plans.length < 2) return;
    chosen = chosen.map((number, at) => (number < plans.length ? number : at));
    const shown = chosen.map((number) => plans[number]);
    const redraw = () => draw(into, plans);
    const sides = shown.map((plan, at) => side(plan, choice(plans, at, redraw)));
    into.append(make("div.pair", ...sides.map((one) => one.whole)), make("p.note", say(isSchematic ? "siting_pair_note_schematic" : "siting_pair_note")));
    const features = await towns;
    if (!into.contains(sides[0].box)) return;
    maps = sides.map(({ box }, at) => drawn(box, shown[at], features));
    link(...maps);
  };

  window.kepu.sitingPair = { setUp, draw };
}
