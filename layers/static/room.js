// What lies on the map's edges, and how sites, popups and cards stand clear of it.
"use strict";
{
  const FURNITURE = "#title-block, #legend, #map-region .leaflet-control";
  const SIDE = 16;
  const CONTROLS = 60;
  const EDGE = 6;
  // Half a sign, and a little: one that is cut by an edge is not in view.
  const SIGN = 16;

  // Boxes of what lies over the map, in its own pixels.
  const furniture = (map) => {
    const region = map.getContainer().getBoundingClientRect();
    return [...document.querySelectorAll(FURNITURE)]
      .map((item) => item.getBoundingClientRect())
      .filter((box) => box.width > 0)
      .map((box) => [box.left - region.left, box.top - region.top, box.right - region.left, box.bottom - region.top]);
  };

  // On a narrow screen the legend stands below the map and takes none of it.
  const over = (id) => {
    const place = document.getElementById(id);
    return getComputedStyle(place).position === "absolute" ? place : { offsetWidth: 0, offsetHeight: 0 };
  };

  const bar = () => {
    const found = document.querySelector(".siting-bar:not([hidden])");
    return found ? found.closest(".leaflet-bottom").offsetHeight : 0;
  };

  const padding = () => ({
    paddingTopLeft: [SIDE, over("title-block").offsetHeight + SIDE + 2],
    paddingBottomRight: [over("legend").offsetWidth + SIDE + 4, Math.max(SIDE, bar() + 4)],
  });

  const fit = (map, bounds, options = {}) => map.fitBounds(bounds, { ...padding(), ...options, animate: false });

  const isShown = (map, boxes, place) => {
    const { x, y } = map.latLngToContainerPoint(place);
    const size = map.getSize();
    if (x < SIGN || y < SIGN || x > size.x - SIGN || y > size.y - SIGN) return false;
    return !boxes.some(([left, top, right, bottom]) => x > left - SIGN && x < right + SIGN && y > top - SIGN && y < bottom + SIGN);
  };

  // Moves only where one of the places is out of view or lies behind something.
  const showAll = (map, places) => {
    if (!places.length) return;
    const boxes = furniture(map);
    if (places.every((place) => isShown(map, boxes, place))) return;
    const { paddingTopLeft: [left, top], paddingBottomRight: [right, bottom] } = padding();
    fit(map, L.latLngBounds(places), {
      paddingTopLeft: [left + SIGN, top + SIGN],
      paddingBottomRight: [right + SIGN, bottom + SIGN],
      maxZoom: 15,
    });
  };

  // Asked anew at each opening: the title, the legend and the bar change with what is shown.
  const Popup = L.Popup.extend({
    onAdd(map) {
      const { paddingTopLeft: [, top], paddingBottomRight: [right, bottom] } = padding();
      L.setOptions(this, { autoPanPaddingTopLeft: [CONTROLS, top + 6], autoPanPaddingBottomRight: [right, bottom] });
      L.Popup.prototype.onAdd.call(this, map);
    },
  });
  const popup = (content, options) => new Popup({ className: "facts-popup", ...options }).setContent(content);

  // A card beside the cursor that would leave the map is moved back into it.
  const Card = L.Tooltip.extend({
    _setPosition(at) {
      L.Tooltip.prototype._setPosition.call(this, at);
      const size = this._map.getSize();
      const low = this._map.layerPointToContainerPoint(L.DomUtil.getPosition(this._container));
      const style = getComputedStyle(this._container);
      const left = low.x + parseFloat(style.marginLeft);
      const top = low.y + parseFloat(style.marginTop);
      const { offsetWidth: wide, offsetHeight: high } = this._container;
      const x = Math.max(EDGE, Math.min(left, size.x - EDGE - wide));
      const lowest = size.y - EDGE - high;
      const title = document.getElementById("title-block");
      const isBelow = x < title.offsetLeft + title.offsetWidth && x + wide > title.offsetLeft;
      // The title is left free as far as there is room below it.
      const y = Math.max(EDGE, Math.min(Math.max(top, isBelow ? title.offsetTop + title.offsetHeight + 2 : EDGE), lowest));
      const moved = L.point(x - left, y - top);
      this._container.classList.toggle("moved", moved.x !== 0);
      if (moved.x || moved.y) L.DomUtil.setPosition(this._container, L.DomUtil.getPosition(this._container).add(moved));
    },
  });
  const card = (content) => new Card({ sticky: true, className: "facts-tip", opacity: 1 }).setContent(content);

  window.kepu.room = { furniture, fit, showAll, popup, card };
}
